import { cleanText } from '#lib/clean-text.ts';
import { emailWordsIn } from './email-words.ts';
import { loadEmailLayout, type EmailLayout } from './layout.ts';
import { type Block, type Inline, parseBody } from './parse-body.ts';

export interface EmailToCompose {
  /** What the artist wrote, merge tags filled in. */
  subject: string;
  body: string;
  /** The name a fan knows the sender by. */
  programme: string;
  legalSender: string;
  postalAddress: string;
  /** `en`, `de-AT`; decides the system's own sentences. */
  language: string;
  unsubscribeUrl: string;
  privacyUrl: string;
  /** Why this mail came, where it is not because she agreed to mails. */
  because?: string;
  /** Her own page (R120). */
  pageUrl?: string;
}

export interface ComposedEmail {
  subject: string;
  html: string;
  text: string;
  /** What the artist wrote, in pieces, and the lines that the system adds: for a screen to draw. */
  blocks: Block[];
  footer: string[];
}

/** Mail programs cut longer ones off. */
const longestSubject = 200;

/**
 * The mail as its reader gets it, twice: HTML, and the same in plain text. The system adds whom it is
 * from, with a postal address, why it came, and the way out (R75, R113); the artist can neither leave
 * these away nor double them. No picture that tells when it is opened, and links lead where they say
 * (R114). Same input, same mail: a preview is exact.
 */
export async function composeEmail(input: EmailToCompose): Promise<ComposedEmail> {
  const layout = await loadEmailLayout();
  const words = emailWordsIn(input.language);
  const subject = oneLine(input.subject).slice(0, longestSubject) || oneLine(input.programme);
  const blocks = parseBody(printable(input.body));
  const sender = oneLine(input.programme);
  const from = [input.legalSender, input.postalAddress].map(oneLine).filter((one) => one !== '');
  const because = input.because ?? words.because(sender);
  const ways = [
    { label: words.unsubscribe, url: input.unsubscribeUrl },
    ...(input.pageUrl === undefined ? [] : [{ label: words.yourData, url: input.pageUrl }]),
    { label: words.privacy, url: input.privacyUrl },
  ];
  const lines = [
    escapeHtml(because),
    from.map(escapeHtml).join(' · '),
    ways.map(({ label, url }) => anchor(url, escapeHtml(label))).join(' · '),
  ];
  return {
    subject,
    blocks,
    footer: [because, from.join(' · '), ways.map(({ label }) => label).join(' · ')],
    html: layout.page({
      title: escapeHtml(subject),
      language: escapeHtml(input.language.split('-')[0] ?? 'en'),
      sender: escapeHtml(sender),
      rows: blocks.map((block) => rowOf(layout, block)).join(''),
      footer: lines.join('<br />'),
    }),
    text: [
      ...blocks.map(textOf),
      '-- ',
      [because, from.join(' · '), ...ways.map(({ label, url }) => `${label}: ${url}`)].join('\n'),
    ].join('\n\n'),
  };
}

function rowOf(layout: EmailLayout, block: Block): string {
  if (block.kind === 'button')
    return layout.button({ href: escapeHtml(block.url), label: escapeHtml(block.label) });
  const html = block.parts.map(inlineHtml).join('');
  return block.kind === 'heading' ? layout.heading(html) : layout.paragraph(html);
}

function inlineHtml(part: Inline): string {
  if (part.kind === 'link') return anchor(part.url, escapeHtml(part.label));
  const html = escapeHtml(part.text).replaceAll('\n', '<br />');
  return part.kind === 'strong' ? `<strong>${html}</strong>` : html;
}

function textOf(block: Block): string {
  if (block.kind === 'button') return linkText(block);
  return block.parts.map((part) => (part.kind === 'link' ? linkText(part) : part.text)).join('');
}

function linkText({ label, url }: { label: string; url: string }): string {
  return label === url ? url : `${label}: ${url}`;
}

function anchor(url: string, label: string): string {
  return `<a href="${escapeHtml(url)}" style="color:inherit">${label}</a>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Line breaks stay; what no mail program shows goes. */
function printable(text: string): string {
  return cleanText(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}

/** A name or a subject can hold no second line, so no header either (R113). */
function oneLine(text: string): string {
  return printable(text)
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}
