import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A number as it is stored (E.164, R51); null: it cannot be one. Wants the country code. */
export function parsePhone(text: string): string | null {
  const phone = parsePhoneNumberFromString(text.trim());
  return phone !== undefined && phone.isPossible() ? phone.number : null;
}

/** An e-mail address as it is stored: trimmed, lower case; null: it cannot be one. */
export function parseEmail(text: string): string | null {
  const email = text.trim().toLowerCase();
  return email.length <= 254 && /^[^\s@<>()[\]",;:]+@[^\s@<>()[\]",;:]+\.[^\s@.]+$/u.test(email)
    ? email
    : null;
}
