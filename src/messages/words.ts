import { complianceKinds, type ComplianceKind } from '#lib/compliance-words.ts';
import { foldedWords, withoutAccents } from '#lib/fold-text.ts';
import { trimPoliteness } from '#lib/polite-words.ts';

export interface ComplianceWord {
  kind: ComplianceKind | null;
  /** The word as the tables hold it (`optout`), joined and without accents; null with `kind` null. */
  word: string | null;
}

/** Words before a command that change nothing about it. Not politeness everywhere: `OK` may be a keyword. */
const openings: ReadonlySet<string> = new Set([
  'ok',
  'okay',
  'hi',
  'hey',
  'hello',
  'sorry',
  'no thanks',
  'no thank you',
  'hola',
  'bonjour',
  'hallo',
  'ola',
  'ciao',
]);

const none: ComplianceWord = { kind: null, word: null };

/** Longer texts are sentences; a sentence is never a compliance word. */
const maxWords = 24;

/** The longest entry of the tables, "dar de baja", has three words. */
const maxPhrase = 3;

/**
 * What a text commands before any flow may see it (R18, R40, R41): `S.T.O.P!!`, `stop please`,
 * `STOP stop`, `Désabonner svp`. The whole text must be made of such words and politeness: a
 * sentence that contains one (`can't stop listening`) is none. If it mixes kinds (`help, stop`)
 * the opt-out counts. `yes` means something only while an opt-in is pending; the caller knows.
 */
export function readComplianceWord(text: string): ComplianceWord {
  const words = foldedWords(text);
  if (words.length === 0 || words.length > maxWords) return none;
  const plain = trimOpening(trimPoliteness(words.map(withoutAccents)));
  const spelledOut = plain.join('');
  const kind = complianceKinds.get(spelledOut);
  if (kind !== undefined) return { kind, word: spelledOut };
  return readRepeated(plain);
}

/** `ok stop`, `no thanks, stop`. */
function trimOpening(words: readonly string[]): readonly string[] {
  const length = [3, 2, 1].find((count) => openings.has(words.slice(0, count).join(' ')));
  return length === undefined ? words : trimPoliteness(words.slice(length));
}

/** `stop stop stop`, `unsubscribe, opt out`, `stop please stop`: nothing but compliance words. */
function readRepeated(words: readonly string[]): ComplianceWord {
  let strongest: ComplianceWord = none;
  let rest = trimPoliteness(words);
  while (rest.length > 0) {
    const phrase = leadingPhrase(rest);
    if (phrase === null) return none;
    if (rank(phrase.kind) > rank(strongest.kind)) strongest = { kind: phrase.kind, word: phrase.word };
    rest = trimPoliteness(rest.slice(phrase.length));
  }
  return strongest;
}

function leadingPhrase(
  words: readonly string[],
): { kind: ComplianceKind; word: string; length: number } | null {
  for (let length = Math.min(maxPhrase, words.length); length > 0; length--) {
    const word = words.slice(0, length).join('');
    const kind = complianceKinds.get(word);
    if (kind !== undefined) return { kind, word, length };
  }
  return null;
}

function rank(kind: ComplianceKind | null): number {
  if (kind === null) return 0;
  return { yes: 1, help: 2, start: 3, stop: 4 }[kind];
}
