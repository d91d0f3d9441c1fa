import { cleanText } from '#lib/clean-text.ts';
import { foldCase } from '#lib/fold-text.ts';
import { countParts, type PartCount, smartEncode, writePlainly } from './parts.ts';
import { textsIn } from './text-catalogue.ts';

export interface TextToCompose {
  /** The name a fan knows the sender by; begins every text (R124). */
  programme: string;
  /** What the artist wrote, merge tags filled in. */
  body: string;
  /** `en`, `de-AT`; decides the system's own sentences. Default English. */
  language?: string;
  /** Set if this text carries the confirmation of an opt-in (R39, R94): the number promised in it. */
  joined?: { perMonth: number } | null;
  /** Whether 30 days have passed since a text to this fan carried the opt-out wording, or none did (R124). */
  isOptOutDue?: boolean;
  /** Whether this answers a text of last night (S8). */
  isFromLastNight?: boolean;
  /** What the country's pack wants in every text, such as the sender's address. */
  mustCarry?: string | null;
}

export interface ComposedText extends PartCount {
  text: string;
  /** The text in pieces, by who wrote them: together they are `text`. */
  pieces: readonly TextPiece[];
}

export interface TextPiece {
  by: 'artist' | 'system';
  text: string;
}

/**
 * The text as it leaves: programme name, last night's opening words, the artist's body, then what
 * the system owes: the disclosures of an opt-in, or the opt-out wording if it is due and the artist
 * did not write it. The artist can neither leave these away nor double them. Signs that would cost
 * a part for nothing are written plainly. Same input, same text: a preview is exact.
 */
export function composeText(input: TextToCompose): ComposedText {
  const texts = textsIn(input.language ?? 'en');
  const programme = oneLine(input.programme);
  const body = withoutProgramme(printable(input.body).trim(), programme);
  const begins = body.beginsWithName && input.isFromLastNight !== true;
  return measured([
    { by: 'system', text: begins || programme === '' ? '' : `${programme}: ` },
    ...joinedBySpaces([
      { by: 'system', text: input.isFromLastNight === true ? texts.lastNight : '' },
      { by: 'artist', text: body.text },
      { by: 'system', text: oneLine(input.mustCarry ?? '') },
      { by: 'system', text: owedWords(input, body.text) },
    ]),
  ]);
}

/** A text of the system's own: the programme name and the first wording that keeps it in the fewest parts. */
export function composeSystemText(programme: string, wordings: readonly string[]): ComposedText {
  const name = oneLine(programme);
  const texts = wordings.map((wording) =>
    measured([{ by: 'system', text: name === '' ? wording : `${name}: ${wording}` }]),
  );
  const fewest = Math.min(...texts.map((text) => text.parts));
  const best = texts.find((text) => text.parts === fewest);
  if (best === undefined) throw new Error('a system text needs a wording');
  return best;
}

function owedWords(input: TextToCompose, body: string): string {
  const texts = textsIn(input.language ?? 'en');
  if (input.joined != null) return texts.joined(input.joined.perMonth);
  return input.isOptOutDue === true && !saysHowToStop(body) ? texts.optOut : '';
}

/** The artist wrote it already: `Reply STOP to unsubscribe`, `STOP to end`, `Ende: STOP`. */
function saysHowToStop(body: string): boolean {
  return /\b(reply|text|txt|send|responde|manda|antworte)( with)? ["']?STOP\b|\bSTOP["']? (to|=|for)\b|\b(end|ende|opt.?out|unsubscribe|salir): ?STOP\b|\bSTOP: ?salir\b/iu.test(
    body,
  );
}

/**
 * `Luna Vale: hi` loses its name, which is added again; `Luna Vale here!` keeps it and needs no
 * second one; `Luna Valentine` has another name.
 */
function withoutProgramme(body: string, programme: string): { text: string; beginsWithName: boolean } {
  const start = body.slice(0, programme.length);
  if (programme === '' || foldCase(start) !== foldCase(programme))
    return { text: body, beginsWithName: false };
  const rest = body.slice(programme.length);
  const colon = /^\s*:\s*/u.exec(rest);
  if (colon !== null) return { text: rest.slice(colon[0].length), beginsWithName: false };
  return { text: body, beginsWithName: !/^[\p{L}\p{M}\p{N}]/u.test(rest) };
}

/** The system's words take the space before or after them, so that the artist's stay as they were written. */
function joinedBySpaces(pieces: readonly TextPiece[]): TextPiece[] {
  const said = pieces.filter(({ text }) => text !== '');
  return said.map(({ by, text }, index) => {
    if (by === 'artist') return { by, text };
    const isBeforeArtist = said[index + 1]?.by === 'artist';
    return { by, text: `${index > 0 ? ' ' : ''}${text}${isBeforeArtist ? ' ' : ''}` };
  });
}

function measured(pieces: readonly TextPiece[]): ComposedText {
  const said = trimmed(pieces);
  const raw = said.map(({ text }) => text).join('');
  const text = smartEncode(raw);
  const sent = text === raw ? said : said.map((piece) => ({ ...piece, text: writePlainly(piece.text) }));
  return { text, pieces: sent, ...countParts(text) };
}

/** No space at either end of the whole; what is empty goes. */
function trimmed(pieces: readonly TextPiece[]): TextPiece[] {
  const said = pieces.filter(({ text }) => text !== '');
  return said
    .map(({ by, text }, index) => {
      const start = index === 0 ? text.trimStart() : text;
      return { by, text: index === said.length - 1 ? start.trimEnd() : start };
    })
    .filter(({ text }) => text !== '');
}

/** Line breaks stay; what no phone shows goes. */
function printable(text: string): string {
  return cleanText(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/gu, ' ').trim();
}
