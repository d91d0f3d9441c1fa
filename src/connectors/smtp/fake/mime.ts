/** A mail as it travelled, read as its reader sees it. */
export interface ReadMail {
  headers: Record<string, string>;
  text: string;
  html: string;
}

/** Headers with their words decoded, and the plain and HTML parts; whatever else is in it is left out. */
export function readMail(raw: Buffer): ReadMail {
  const mail = split(raw.toString('latin1'));
  const found = { text: '', html: '' };
  collect(mail, found);
  const headers = mail.headers.map(([name, value]) => [name, decodeWords(value)] as const);
  return { headers: Object.fromEntries(headers), ...found };
}

interface Part {
  headers: [name: string, value: string][];
  body: string;
}

/** Header lines are unfolded; the first empty line ends them. */
function split(source: string): Part {
  const end = source.search(/\r?\n\r?\n/);
  const head = end === -1 ? source : source.slice(0, end);
  const body = end === -1 ? '' : source.slice(end).replace(/^\r?\n\r?\n/, '');
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
    });
  return { headers, body };
}

function headerOf({ headers }: Part, name: string): string {
  return headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? '';
}

function collect(part: Part, found: { text: string; html: string }): void {
  const type = headerOf(part, 'content-type');
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (/^multipart\//i.test(type) && boundary !== undefined) {
    const pieces = `\r\n${part.body}`.split(new RegExp(`\\r?\\n--${escapePattern(boundary)}`));
    for (const piece of pieces.slice(1)) {
      if (!piece.startsWith('--')) collect(split(piece.replace(/^[ \t]*\r?\n/, '')), found);
    }
    return;
  }
  const body = decodeBody(part.body, headerOf(part, 'content-transfer-encoding').toLowerCase());
  if (/^text\/html/i.test(type)) found.html = body;
  else if (type === '' || /^text\/plain/i.test(type)) found.text = body;
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding === 'quoted-printable') return fromQuoted(body.replace(/[ \t]*=\r?\n/g, ''));
  return Buffer.from(body, 'latin1').toString('utf8');
}

function fromQuoted(text: string): string {
  const bytes = text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Encoded words of RFC 2047; blanks between two of them are not part of the text. */
function decodeWords(value: string): string {
  return value.replace(/\?=\s+=\?/g, '?==?').replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) => {
    const bytes = [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, kind = '', text = '']) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : Buffer.from(fromQuoted(text.replaceAll('_', ' ')), 'utf8'),
    );
    return Buffer.concat(bytes).toString('utf8');
  });
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
