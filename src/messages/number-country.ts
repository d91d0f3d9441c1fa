import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** The country of a number, E.164; null: none, as of a short code. Where in it: `quiet-hours/zones.ts`. */
export function countryOf(number: string): string | null {
  return parsePhoneNumberFromString(number)?.country ?? null;
}
