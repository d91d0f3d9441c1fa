/** Words a fan puts around a command without meaning anything by them (R16, R41). Folded, without accents. */

const phrases: readonly (readonly string[])[] = [
  'please',
  'pls',
  'plz',
  'plse',
  'pleas',
  'kindly',
  'thanks',
  'thank you',
  'thank u',
  'thankyou',
  'thx',
  'tks',
  'ty',
  'por favor',
  'porfavor',
  'porfa',
  'gracias',
  'muchas gracias',
  'sil vous plait',
  'sil te plait',
  's il vous plait',
  's il te plait',
  'svp',
  'stp',
  'merci',
  'merci beaucoup',
  'bitte',
  'danke',
  'vielen dank',
  'bitte danke',
  'pf',
  'pfv',
  'obrigado',
  'obrigada',
  'per favore',
  'perfavore',
  'grazie',
  'alsjeblieft',
  'alstublieft',
  'aub',
  'bedankt',
  'dank je',
  'dank u',
  'お願いします',
  'おねがいします',
  'ください',
  'ありがとう',
  'ありがとうございます',
].map((phrase) => phrase.split(' '));

/** Japanese is written without spaces, so politeness hangs on the word itself. */
const suffixes = ['をお願いします', 'してください', 'お願いします', 'おねがいします', 'ください'];

const byFirstWord = Map.groupBy(
  phrases.toSorted((a, b) => b.length - a.length),
  (phrase) => phrase[0] ?? '',
);

/** The words without politeness before and behind; an empty list if there was nothing else. */
export function trimPoliteness(words: readonly string[]): string[] {
  let start = 0;
  let end = words.length;
  for (let length = politeLengthAt(words, start); length > 0; length = politeLengthAt(words, start))
    start += length;
  for (let length = politeLengthBefore(words, start, end); length > 0;) {
    end -= length;
    length = politeLengthBefore(words, start, end);
  }
  return trimSuffix(words.slice(start, end));
}

/** How many words from `at` on are one polite phrase; 0 if none. */
function politeLengthAt(words: readonly string[], at: number): number {
  const first = words[at];
  if (first === undefined) return 0;
  const candidates = byFirstWord.get(first) ?? [];
  return candidates.find((phrase) => phrase.every((word, i) => words[at + i] === word))?.length ?? 0;
}

function politeLengthBefore(words: readonly string[], start: number, end: number): number {
  for (let length = Math.min(4, end - start); length > 0; length--) {
    if (politeLengthAt(words.slice(0, end), end - length) === length) return length;
  }
  return 0;
}

function trimSuffix(words: string[]): string[] {
  const last = words.at(-1);
  if (last === undefined) return words;
  const suffix = suffixes.find((ending) => last.endsWith(ending) && last.length > ending.length);
  return suffix === undefined ? words : [...words.slice(0, -1), last.slice(0, -suffix.length)];
}
