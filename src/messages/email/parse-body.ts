/**
 * How a mail is written: paragraphs with an empty line between them; `# ` before a heading; `**bold**`;
 * `[words](https://…)` for a link, which alone in its paragraph is a button. Everything else is
 * what it looks like. Total: any text is a mail.
 */
export type Block =
  | { kind: 'paragraph' | 'heading'; parts: Inline[] }
  | { kind: 'button'; label: string; url: string };

export type Inline = { kind: 'text' | 'strong'; text: string } | { kind: 'link'; label: string; url: string };

/** Labels have no brackets and addresses no blanks, so that each is found in one pass. */
const inline =
  /\[(?<label>[^[\]\n]{1,200})\]\((?<url>https?:\/\/[^\s()<>"]{1,2000})\)|\*\*(?<strong>[^*\n]{1,500})\*\*|(?<bare>https?:\/\/[^\s<>"]{1,2000})/giu;

export function parseBody(body: string): Block[] {
  return body
    .split(/\n[ \t]*\n\s*/u)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map(toBlock);
}

function toBlock(paragraph: string): Block {
  const heading = /^# +(?<words>[^\n]+)$/u.exec(paragraph)?.groups?.['words'];
  if (heading !== undefined) return { kind: 'heading', parts: toParts(heading) };
  const parts = toParts(paragraph);
  const [only, ...others] = parts;
  if (only?.kind === 'link' && others.length === 0 && only.label !== only.url)
    return { kind: 'button', label: only.label, url: only.url };
  return { kind: 'paragraph', parts };
}

function toParts(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(inline)) {
    const { label, url, strong, bare } = match.groups ?? {};
    // A full stop behind an address ends the sentence.
    const tail = bare === undefined ? '' : (/[.,;:!?)\]'"»”]+$/u.exec(bare)?.[0] ?? '');
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else if (label !== undefined && url !== undefined) parts.push({ kind: 'link', label, url });
    else if (bare !== undefined) {
      const address = bare.slice(0, bare.length - tail.length);
      parts.push({ kind: 'link', label: address, url: address });
    }
    from = match.index + match[0].length - tail.length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}
