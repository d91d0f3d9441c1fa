import { complianceKinds } from '#lib/compliance-words.ts';
import { foldCase, foldedWords, removeJoiners, withoutAccents } from '#lib/fold-text.ts';

/** Longest keyword, in characters (code points) after normalisation (R19). */
export const maxKeywordLength = 30;

export type KeywordProblemCode =
  | 'keyword_empty'
  | 'keyword_too_long'
  | 'keyword_characters'
  | 'keyword_reserved';

export type ParsedKeyword =
  | { normalised: string }
  | { problem: { code: KeywordProblemCode; message: string } };

/**
 * The form in which keywords are compared and kept unique (R14, R16): compatibility form, no case,
 * no punctuation, spaces, hyphens or apostrophes. `“Pre-Save!”` → `presave`. Normalising twice
 * changes nothing; a text without letters or digits becomes ''.
 */
export function normaliseKeyword(text: string): string {
  return foldedWords(text).join('');
}

/**
 * Reads what an artist typed as a keyword (R19, R17): 1–30 letters and digits of any script. Signs
 * around it are dropped, signs inside are refused, because fans would have to type them.
 */
export function parseKeyword(text: string): ParsedKeyword {
  const normalised = normaliseKeyword(text);
  if (normalised === '') return problem('keyword_empty', 'A keyword needs at least one letter or digit.');
  if (hasSignInside(text))
    return problem('keyword_characters', 'A keyword is made of letters and digits only.');
  if (Array.from(normalised).length > maxKeywordLength) {
    return problem('keyword_too_long', `A keyword has at most ${maxKeywordLength} letters and digits.`);
  }
  if (isReservedKeyword(normalised)) {
    return problem(
      'keyword_reserved',
      `“${text.trim()}” has a meaning of its own in every text conversation, so it cannot be a keyword.`,
    );
  }
  return { normalised };
}

/** Whether this word belongs to opt-out, opt-in, help or confirmation in any language (R17). */
export function isReservedKeyword(word: string): boolean {
  return complianceKinds.has(withoutAccents(normaliseKeyword(word)));
}

function hasSignInside(text: string): boolean {
  const bare = removeJoiners(foldCase(removeJoiners(text)))
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .replace(/[^\p{L}\p{M}\p{N}]+$/u, '')
    .replace(/\s+/gu, '');
  return /[^\p{L}\p{M}\p{N}]/u.test(bare);
}

function problem(code: KeywordProblemCode, message: string): ParsedKeyword {
  return { problem: { code, message } };
}
