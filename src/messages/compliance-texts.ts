import { type ComposedText, composeSystemText } from './compose.ts';
import { countParts } from './parts.ts';
import { textsIn } from './text-catalogue.ts';

/** Who speaks, and in which language (`en`, `de-AT`; English where a language is missing). */
export interface Speaker {
  programme: string;
  language?: string;
}

/** The one confirmation of an opt-out (R40); `isSharedSender`: the number serves several projects (R117). */
export function stopConfirmation({
  programme,
  language = 'en',
  isSharedSender = false,
}: Speaker & { isSharedSender?: boolean }): ComposedText {
  const texts = textsIn(language);
  return composeSystemText(programme, isSharedSender ? texts.stoppedForAll : texts.stopped);
}

/** The answer to HELP with the way to her own page where it fits (R120), and to START from a number never met (R18, R43). `contact`: a link, an address or a number. */
export function helpAnswer({
  programme,
  language = 'en',
  contact,
  perMonth,
  page = null,
}: Speaker & { contact: string; perMonth: number | null; page?: string | null }): ComposedText {
  return composeSystemText(programme, textsIn(language).help(contact, perMonth, page));
}

/** The code that opens a fan's own page to her (R120). */
export function codeText({
  programme,
  language = 'en',
  code,
  minutes,
}: Speaker & { code: string; minutes: number }): ComposedText {
  return composeSystemText(programme, textsIn(language).code(code, minutes));
}

/** The confirmation of START, which restored the last consent (R18, R42). */
export function startConfirmation({
  programme,
  language = 'en',
  perMonth,
}: Speaker & { perMonth: number }): ComposedText {
  return composeSystemText(programme, textsIn(language).started(perMonth));
}

/** The one request of a double opt-in (R97); carries nothing that the visitor typed (R128). */
export function optInRequest({
  programme,
  language = 'en',
  perMonth,
}: Speaker & { perMonth: number }): ComposedText {
  return composeSystemText(programme, textsIn(language).confirm(perMonth));
}

/** What can be texted here (R107), with as many keywords as fit one part; null if there is none to name. */
export function keywordAnswer({
  programme,
  language = 'en',
  keywords,
}: Speaker & { keywords: readonly string[] }): ComposedText | null {
  const texts = textsIn(language);
  const names = keywords.map((keyword) => keyword.toUpperCase()).filter((name) => name !== '');
  const compose = (count: number) =>
    composeSystemText(programme, texts.notUnderstood(names.slice(0, count).join(', ')));
  if (names.length === 0) return null;
  for (let count = names.length; count > 1; count--) {
    // The shortest list that needs more than one part is not worth composing in every wording.
    if (countParts(names.slice(0, count).join(', ')).parts > 1) continue;
    const answer = compose(count);
    if (answer.parts === 1) return answer;
  }
  return compose(1);
}
