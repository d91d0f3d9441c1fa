/** Keywords shorter than this are too easily meant otherwise (R107). */
const minLetters = 5;

/** What near matching needs to know of the active keywords; built once, asked for every text. */
export interface NearIndex {
  /** The one keyword that `word` is a slip of; null if there is none, or more than one. */
  find(word: string): string | null;
}

/**
 * Finds the keyword one slip away: one insertion, deletion, replacement or swap of neighbours
 * (R107). Two words are at most one slip apart only if removing at most one character from each can
 * make them equal, so a map from every shortened form to its keywords leaves a handful to check.
 */
export function createNearIndex(keywords: Iterable<string>): NearIndex {
  const byShortened = new Map<string, Set<string>>();
  let longest = 0;
  for (const keyword of keywords) {
    if (countLetters(keyword) < minLetters) continue;
    const characters = Array.from(keyword);
    longest = Math.max(longest, characters.length);
    for (const form of shortenedForms(characters)) {
      const known = byShortened.get(form);
      if (known === undefined) byShortened.set(form, new Set([keyword]));
      else known.add(keyword);
    }
  }
  return { find: (word) => findNear(word, byShortened, longest) };
}

function findNear(
  word: string,
  byShortened: ReadonlyMap<string, ReadonlySet<string>>,
  longest: number,
): string | null {
  // A code point is at most two units: longer words cannot be near, and need no splitting to know.
  if (word.length > 2 * (longest + 1)) return null;
  const characters = Array.from(word);
  if (characters.length > longest + 1) return null;
  const near = new Set<string>();
  for (const form of shortenedForms(characters)) {
    for (const keyword of byShortened.get(form) ?? []) {
      if (isOneSlip(characters, Array.from(keyword))) near.add(keyword);
    }
    if (near.size > 1) return null;
  }
  const [only] = near;
  return only ?? null;
}

function shortenedForms(characters: readonly string[]): Set<string> {
  const forms = new Set([characters.join('')]);
  for (let i = 0; i < characters.length; i++) forms.add(characters.toSpliced(i, 1).join(''));
  return forms;
}

/** Whether `a` and `b` (characters) differ by at most one insertion, deletion, replacement or neighbouring swap. */
export function isOneSlip(a: readonly string[], b: readonly string[]): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  const leftOfA = a.length - start - end;
  const leftOfB = b.length - start - end;
  if (leftOfA <= 1 && leftOfB <= 1) return true;
  return leftOfA === 2 && leftOfB === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

function countLetters(text: string): number {
  return text.match(/\p{L}/gu)?.length ?? 0;
}
