import type { ReactNode } from 'react';

/**
 * The Markdown of this project's own papers: headings, paragraphs, lists, tables, bold, code, links.
 * Nothing in it is taken as HTML.
 */
export function Markdown({ text }: { text: string }) {
  return blocksOf(text).map((block, index) => <Block key={index} block={block} />);
}

type Block =
  | { kind: 'heading' | 'paragraph'; text: string }
  | { kind: 'list'; isOrdered: boolean; items: string[] }
  | { kind: 'table'; rows: string[][] };

function blocksOf(text: string): Block[] {
  return text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .flatMap(toBlocks);
}

const bullet = /^(?:-|\d+\.) /;

function toBlocks(paragraph: string): Block[] {
  const lines = paragraph.split('\n');
  const [first = ''] = lines;
  const heading = /^#+ (.*)$/.exec(first)?.[1];
  if (heading !== undefined) {
    const rest = lines.slice(1).join('\n').trim();
    return [{ kind: 'heading', text: heading }, ...(rest === '' ? [] : toBlocks(rest))];
  }
  if (first.startsWith('|')) {
    const rows = lines.filter((line) => !/^\|[\s|:-]+\|$/.test(line));
    return [
      {
        kind: 'table',
        rows: rows.map((row) =>
          row
            .split('|')
            .slice(1, -1)
            .map((cell) => cell.trim()),
        ),
      },
    ];
  }
  if (bullet.test(first)) {
    // A line that begins no item belongs to the one before.
    const items = paragraph
      .split(/\n(?=(?:-|\d+\.) )/)
      .map((item) => item.replace(bullet, '').replaceAll(/\n\s*/g, ' '));
    return [{ kind: 'list', isOrdered: /^\d/.test(first), items }];
  }
  return [{ kind: 'paragraph', text: lines.join(' ') }];
}

function Block({ block }: { block: Block }): ReactNode {
  switch (block.kind) {
    case 'heading':
      return <h3>{inline(block.text)}</h3>;
    case 'paragraph':
      return <p>{inline(block.text)}</p>;
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}>{inline(item)}</li>);
      return block.isOrdered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table': {
      const [head = [], ...body] = block.rows;
      return (
        <table>
          <thead>
            <tr>
              {head.map((cell, index) => (
                <th key={index}>{inline(cell)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.map((row, index) => (
              <tr key={index}>
                {row.map((cell, at) => (
                  <td key={at}>{inline(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    }
  }
}

const spans = /\*\*([^*]+)\*\*|\*([^*]+)\*|`([^`]+)`|\[([^\]]+)\]\((https:\/\/[^)\s]+)\)/g;

function inline(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(spans)) {
    const [whole, strong, emphasis, code, label, url] = match;
    parts.push(text.slice(from, match.index));
    if (strong !== undefined) parts.push(<strong key={match.index}>{strong}</strong>);
    else if (emphasis !== undefined) parts.push(<em key={match.index}>{emphasis}</em>);
    else if (code !== undefined) parts.push(<code key={match.index}>{code}</code>);
    else
      parts.push(
        <a key={match.index} href={url} target="_blank" rel="noreferrer">
          {label}
        </a>,
      );
    from = match.index + whole.length;
  }
  return [...parts, text.slice(from)];
}
