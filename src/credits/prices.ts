/** Credits of one text part by country. */
export type OwnPrices = Readonly<Record<string, number>>;

/**
 * Credits of one text part by country (R80). One credit is one domestic part; the others follow the
 * ratio of carriers' list prices to it, rounded up. An account may have prices of its own.
 */
export const listPrices: Readonly<Record<string, number>> = {
  US: 1,
  CA: 1,
  PR: 1,
  GB: 6,
  DE: 13,
  FR: 10,
  ES: 9,
  NL: 12,
  AU: 7,
};

/** Dearer than any country we know: an unknown one must not look cheap. */
export const unknownPrice = 20;

export function smsCredits(own: OwnPrices, country: string | null, parts: number): number {
  return parts * (country === null ? unknownPrice : (own[country] ?? listPrices[country] ?? unknownPrice));
}

/** One mail is one credit (R78). */
export const emailCredits = 1;

/**
 * What one credit costs, about, in millionths of a dollar: the list price of a domestic part and what
 * carriers add to it; a thousandth of what e-mail services ask for a thousand. Bills differ.
 */
const creditMicros: Readonly<Record<string, number>> = { sms: 11_500, email: 400 };

export const currency = 'USD';

/** Money first: about how much credits of an account cost, in millionths of `currency`. */
export function microsOf(account: string, credits: number): number {
  return credits * (creditMicros[account] ?? 0);
}
