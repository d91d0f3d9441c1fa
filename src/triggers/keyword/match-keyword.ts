import { foldedWords } from '#lib/fold-text.ts';
import { trimPoliteness } from '#lib/polite-words.ts';
import { createNearIndex } from './near-index.ts';

export type MatchMode = 'first' | 'exact' | 'contains';

export interface Keyword<T> {
  /** From `parseKeyword`; anything else never matches. */
  normalised: string;
  match: MatchMode;
  value: T;
}

export interface KeywordMatch<T> {
  value: T;
  how: 'exact' | 'first' | 'contains' | 'near';
  /** The normalised keyword: what a near match was "read as". */
  keyword: string;
}

export interface KeywordIndex<T> {
  /** `near: false` leaves slips out, for texts that a phone wrote (R107). */
  match(text: string, options?: { near?: boolean }): KeywordMatch<T> | null;
}

/** A fan who writes more than this is writing a letter; the rest of it cannot hold a command. */
const maxWords = 320;

/**
 * Prepares the active keywords of one sender for many texts: a match costs a few map look-ups,
 * however many keywords there are. Equal keywords: the earlier one in the list counts.
 *
 * Rules R16 and R107. `exact`: the whole text is the keyword (and stands before all). `first`: its
 * first one, two or three words are. `contains`: any words standing together are; keywords in
 * scripts without spaces may stand anywhere. Of several, the longer keyword. Politeness around the
 * text is ignored unless the keyword itself is polite (`PLEASE`). Only if nothing matches, a slip of
 * exactly one keyword counts as `near`, whatever its mode.
 */
export function createKeywordIndex<T>(keywords: readonly Keyword<T>[]): KeywordIndex<T> {
  const all = new Map<string, Keyword<T>>();
  const first = new Map<string, Keyword<T>>();
  const contained = new Map<string, Keyword<T>>();
  for (const keyword of keywords) {
    if (keyword.normalised === '') continue;
    setIfAbsent(all, keyword);
    if (keyword.match === 'first') setIfAbsent(first, keyword);
    if (keyword.match === 'contains') setIfAbsent(contained, keyword);
  }
  const unspaced = [...contained.values()]
    .filter((keyword) => isUnspaced(keyword.normalised))
    .toSorted(longerFirst);
  const longestContained = Math.max(0, ...[...contained.keys()].map((key) => key.length));
  const nearIndex = createNearIndex(all.keys());

  const matchReading = (words: readonly string[]) =>
    [
      () => found(all.get(words.join('')), 'exact'),
      () => found(findFirst(words, first), 'first'),
      () => found(findContained(words, contained, longestContained, unspaced), 'contains'),
    ] as const;

  return {
    match(text, options = {}) {
      if (all.size === 0) return null;
      const readings = readingsOf(text);
      const attempts = readings.map(matchReading);
      for (const strength of [0, 1, 2] as const) {
        const matches = attempts.map((attempt) => attempt[strength]()).filter((match) => match !== null);
        const best = matches.toSorted((a, b) => b.keyword.length - a.keyword.length)[0];
        if (best !== undefined) return best;
      }
      if (options.near === false) return null;
      for (const words of readings) {
        const near = nearIndex.find(words.join(''));
        if (near !== null) return found(all.get(near), 'near');
      }
      return null;
    },
  };
}

/** One text against a list; for many texts keep a `createKeywordIndex`. */
export function matchKeyword<T>(text: string, keywords: readonly Keyword<T>[]): KeywordMatch<T> | null {
  return createKeywordIndex(keywords).match(text);
}

/** The text as written, and without politeness where that differs. */
function readingsOf(text: string): string[][] {
  const words = foldedWords(text).slice(0, maxWords);
  if (words.length === 0) return [];
  const trimmed = trimPoliteness(words);
  const isSame = trimmed.length === words.length && trimmed.at(-1) === words.at(-1);
  return isSame || trimmed.length === 0 ? [words] : [words, trimmed];
}

function findFirst<T>(
  words: readonly string[],
  keywords: ReadonlyMap<string, Keyword<T>>,
): Keyword<T> | undefined {
  if (keywords.size === 0) return undefined;
  for (const count of [3, 2, 1]) {
    if (words.length < count) continue;
    const keyword = keywords.get(words.slice(0, count).join(''));
    if (keyword !== undefined) return keyword;
  }
  return undefined;
}

function findContained<T>(
  words: readonly string[],
  keywords: ReadonlyMap<string, Keyword<T>>,
  longest: number,
  unspaced: readonly Keyword<T>[],
): Keyword<T> | undefined {
  if (keywords.size === 0) return undefined;
  let best: Keyword<T> | undefined;
  for (let from = 0; from < words.length; from++) {
    let joined = '';
    for (let to = from; to < words.length; to++) {
      joined += words[to] ?? '';
      if (joined.length > longest) break;
      best = longerOf(best, keywords.get(joined));
    }
  }
  if (unspaced.length === 0) return best;
  const joined = words.join('');
  return longerOf(
    best,
    unspaced.find((keyword) => joined.includes(keyword.normalised)),
  );
}

function longerOf<T>(a: Keyword<T> | undefined, b: Keyword<T> | undefined): Keyword<T> | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.normalised.length > a.normalised.length ? b : a;
}

function longerFirst<T>(a: Keyword<T>, b: Keyword<T>): number {
  return b.normalised.length - a.normalised.length;
}

function isUnspaced(keyword: string): boolean {
  return (
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー\p{M}\p{N}]+$/u.test(
      keyword,
    ) && /\p{L}/u.test(keyword)
  );
}

function found<T>(keyword: Keyword<T> | undefined, how: KeywordMatch<T>['how']): KeywordMatch<T> | null {
  return keyword === undefined ? null : { value: keyword.value, how, keyword: keyword.normalised };
}

function setIfAbsent<T>(map: Map<string, Keyword<T>>, keyword: Keyword<T>): void {
  if (!map.has(keyword.normalised)) map.set(keyword.normalised, keyword);
}
