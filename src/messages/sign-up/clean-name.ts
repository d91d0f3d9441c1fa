import { cleanText, cutText } from '#lib/clean-text.ts';

const longest = 60;

/** A name that strangers typed, without what would make an advertisement of it (R128); null: nothing left. */
export function cleanName(typed: string): string | null {
  const name = cleanText(typed)
    .replace(/https?:\/\/\S*/giu, ' ')
    .replace(/\S*(?:www\.|@)\S*/giu, ' ')
    // A word with a dot inside is an address to most phones.
    .replace(/\S*\p{L}\.\p{L}{2,}\S*/gu, ' ')
    .replace(/[\p{C}<>{}[\]\\/|]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const cut = cutText(name, longest).trim();
  return cut === '' ? null : cut;
}
