import { foldedWords } from './fold-text.ts';
import { trimPoliteness } from './polite-words.ts';

const words: ReadonlySet<string> = new Set([
  'human',
  'agent',
  'person',
  'realperson',
  'mensch',
  'persona',
  'humano',
]);

/** Whether the whole text asks for a person (R116): `Human, please`. Such a word can start no flow. */
export function asksForPerson(text: string): boolean {
  return words.has(trimPoliteness(foldedWords(text)).join(''));
}
