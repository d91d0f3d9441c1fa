import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';

/** Numbers that cost whoever calls them: nobody's own, and what pumping goes to (R108). */
const costly: ReadonlySet<string> = new Set(['PREMIUM_RATE', 'SHARED_COST', 'PAGER', 'VOICEMAIL', 'UAN']);

/**
 * A number as somebody typed it, as it is stored (E.164); null: it cannot be one that texts reach. With a
 * country code it says itself where it is; without, it is read as one of `country`.
 */
export function parseTypedPhone(typed: string, country: string | null): string | null {
  const text = typed.trim().replace(/^00(?=[1-9])/, '+');
  if (text.length > 40) return null;
  // As: of a country that the library does not know it finds no number.
  const phone = parsePhoneNumberFromString(text, (country ?? undefined) as CountryCode | undefined);
  if (phone === undefined || !phone.isValid()) return null;
  return costly.has(phone.getType() ?? '') ? null : phone.number;
}
