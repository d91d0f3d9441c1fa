/**
 * The words published beside a keyword, and those beside the box of a web form (R95, R37, R94). What
 * they must contain: 47 CFR 64.1200(f)(9) (written consent, automated marketing, no condition of
 * purchase) and the carriers' messaging principles (programme, frequency, rates, STOP, HELP, terms,
 * privacy).
 */
export type CallToActionPlace = 'page' | 'post' | 'poster' | 'stage';

export interface Programme {
  programme: string;
  /** Who sends, as the law knows them. */
  legalSender: string;
  /** Most marketing texts in a month. */
  perMonth: number;
  termsUrl: string;
  privacyUrl: string;
  /** The age sentence of the country pack (R115). */
  ageLine?: string | null;
}

export interface CallToAction extends Programme {
  /** As fans should type it. */
  keyword: string;
  /** The number to text, as it should be printed. */
  number: string;
  /** What the keyword does, each completing "to …": `pre-save Nightglass`. */
  actions: readonly string[];
  where: CallToActionPlace;
  /** Where it can be seen: the page or post itself, or a picture of poster or stage. */
  link: string;
}

/** As the flow editor shows problems; only errors block activation. */
export interface TextProblem {
  severity: 'error' | 'warning';
  path: string;
  code: string;
  message: string;
}

/** The full text to publish. Same input, same text; its `textVersion` is what a consent points to. */
export function callToActionText(input: CallToAction): string {
  const purpose = input.actions.length === 0 ? '' : ` to ${listed(input.actions)}`;
  return sentences([
    `Text ${input.keyword} to ${input.number}${purpose}.`,
    `By texting ${input.keyword} you agree to get recurring automated marketing texts from ${input.programme} (sent by ${input.legalSender}) at the number you text from, ${frequency(input.perMonth)}.`,
    ...duties(input),
  ]);
}

/**
 * The consent beside an unticked box. `number`: `typed` into the form, or `proven` because the fan
 * texted from it (R94). It is about texts from this one sender and nothing else.
 */
export function webConsentText(input: Programme, number: 'typed' | 'proven'): string {
  const address = number === 'typed' ? 'the number I entered' : 'the number I texted from';
  return sentences([
    `Yes, send me recurring automated marketing texts from ${input.programme} (sent by ${input.legalSender}) at ${address}, ${frequency(input.perMonth)}.`,
    ...duties(input),
  ]);
}

/** What is missing before the text may be published; empty: nothing. */
export function callToActionProblems(input: Partial<CallToAction>): TextProblem[] {
  return [
    ...missing(input, 'programme', 'Name the programme: what fans know you by.'),
    ...missing(input, 'legalSender', 'Name the person or company that sends the texts.'),
    ...missing(input, 'keyword', 'Choose the keyword first.'),
    ...missing(input, 'number', 'Connect a number first: the text says where to send the keyword.'),
    ...frequencyProblems(input.perMonth),
    ...linkProblems('termsUrl', input.termsUrl, 'the message terms'),
    ...linkProblems('privacyUrl', input.privacyUrl, 'the privacy page'),
    ...linkProblems('link', input.link, 'the place or a picture of it'),
    ...(isPlace(input.where)
      ? []
      : [error('where', 'required', 'Say where it stands: page, post, poster or stage.')]),
  ];
}

function duties({ termsUrl, privacyUrl, ageLine }: Programme): string[] {
  return [
    'Consent is not a condition of purchase.',
    'Msg & data rates may apply.',
    'Reply HELP for help, STOP to end.',
    ageLine ?? '',
    `Terms: ${termsUrl}`,
    `Privacy: ${privacyUrl}`,
  ];
}

function frequency(perMonth: number): string {
  return `at most ${perMonth} ${perMonth === 1 ? 'text' : 'texts'} a month`;
}

function listed(items: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(items);
}

function sentences(parts: readonly string[]): string {
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
}

function missing(
  input: Partial<CallToAction>,
  path: 'programme' | 'legalSender' | 'keyword' | 'number',
  message: string,
): TextProblem[] {
  return (input[path] ?? '').trim() === '' ? [error(path, 'required', message)] : [];
}

function frequencyProblems(perMonth: number | undefined): TextProblem[] {
  if (perMonth === undefined)
    return [error('perMonth', 'required', 'Say how many texts a month fans can expect.')];
  if (Number.isInteger(perMonth) && perMonth >= 1 && perMonth <= 100) return [];
  return [error('perMonth', 'out_of_range', 'The number of texts a month is a whole number from 1 to 100.')];
}

function linkProblems(
  path: 'termsUrl' | 'privacyUrl' | 'link',
  url: string | undefined,
  what: string,
): TextProblem[] {
  if ((url ?? '').trim() === '') return [error(path, 'required', `Add the link to ${what}.`)];
  const parsed = URL.parse(url ?? '');
  if (parsed !== null && (parsed.protocol === 'https:' || parsed.protocol === 'http:')) return [];
  return [error(path, 'not_a_link', `The link to ${what} must begin with https://.`)];
}

function isPlace(where: string | undefined): boolean {
  return where === 'page' || where === 'post' || where === 'poster' || where === 'stage';
}

function error(path: string, code: string, message: string): TextProblem {
  return { severity: 'error', path, code, message };
}
