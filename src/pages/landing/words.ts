import { de } from './words-de.ts';
import { en } from './words-en.ts';
import { es } from './words-es.ts';

/** What a landing page says, in one language. The artist's own words stand beside them as they are. */
export interface LandingWords {
  /** `BCP 47`, for dates and for who reads aloud. */
  language: PageLanguage;
  by(artist: string): string;
  outOn(day: string): string;
  outSince(day: string): string;
  cancelled: string;
  /** `in 11 days`; the script counts on with the same units. */
  left: { days: Counted; hours: Counted; minutes: Counted };
  coverOf(title: string): string;
  streaming: {
    /** Above the services before the release, after it, and where there is none. */
    before: string;
    after: string;
    none: string;
    choose: string;
    presave(service: string): string;
    add(service: string): string;
    follow(service: string): string;
    listen(service: string): string;
    /** The boxes, in the words that are kept with a fan's yes (R100). */
    wishPresave(title: string): string;
    wishPresaveWhy(day: string): string;
    wishAdd(title: string): string;
    wishAddWhy: string;
    wishFollow(artist: string): string;
    wishFollowWhy: string;
    wishFuture(artist: string): string;
    wishFutureWhy(until: string | null): string;
    linkLasts(day: string | null): string;
    invitedOnly(service: string): string;
    openOn(service: string): string;
    invited: string;
    invitedAccount(service: string): string;
    go: string;
    leastScopes: string;
  };
  signUp: {
    texts: string;
    mails: string;
    number: string;
    country: string;
    email: string;
    name: string;
    leaveEmpty: string;
    sendTexts: string;
    sendMails: string;
    /** What happened, the same for every address (R97). */
    taken: string;
    takenSingle(sender: string): string;
    takenDouble(sender: string): string;
    takenMail: string;
    nothingCame(sender: string): string;
    noMail: string;
    refused: Record<
      | 'no_consent'
      | 'new_words'
      | 'address'
      | 'country'
      | 'limit'
      | 'not_offered'
      | 'bot'
      | 'late'
      | 'origin',
      { title: string; text: string }
    >;
    wrongEmail: string;
    /** Beyond the limits the fan's own text does it (R108). */
    textInstead(keyword: string, number: string): string;
  };
  remind: {
    button: string;
    title: string;
    intro: string;
    calendar: string;
    calendarWhy: string;
    back: string;
  };
  inApp: { title(app: string): string; text: string; open: string; menu(app: string): string; type: string };
  smallPrint: { terms: string; privacy: string; whose(name: string): string; imprint: string };
  trouble: {
    gone: string;
    goneText: string;
    nothingTicked: string;
    nothingTickedText: string;
    notInvited: string;
    notInvitedText(service: string): string;
  };
}

export interface Counted {
  one: string;
  /** `{n}` stands for the number. */
  many: string;
}

const catalogues = { en, es, de };

export const pageLanguages = ['en', 'es', 'de'] as const;
export type PageLanguage = (typeof pageLanguages)[number];

export function wordsIn(language: PageLanguage): LandingWords {
  return catalogues[language];
}

/**
 * The language of `Accept-Language` that comes first with us, English where none does. What cannot be
 * read counts as not said.
 */
export function chooseLanguage(accepted: string | undefined): PageLanguage {
  const wanted = (accepted ?? '')
    .split(',')
    .slice(0, 20)
    .map((part, at) => {
      const [tag = '', ...more] = part.trim().toLowerCase().split(';');
      const quality = Number(/q=([\d.]+)/.exec(more.join(';'))?.[1] ?? 1);
      return { language: tag.split('-')[0], quality: Number.isFinite(quality) ? quality : 0, at };
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality || a.at - b.at);
  for (const { language } of wanted) {
    const known = pageLanguages.find((one) => one === language);
    if (known !== undefined) return known;
  }
  return 'en';
}

/** The country of `en-GB`; null where the browser names none. */
export function regionOf(accepted: string | undefined): string | null {
  return /^\s*[a-z]{2,3}-([a-z]{2})\b/i.exec(accepted ?? '')?.[1]?.toUpperCase() ?? null;
}

export function dayIn(language: PageLanguage, date: Date, zone: string): string {
  const locale = language === 'en' ? 'en-GB' : language;
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone,
  }).format(date);
}

export function counted({ one, many }: Counted, count: number): string {
  return (count === 1 ? one : many).replace('{n}', String(count));
}
