import { maskPhone } from '#lib/log.ts';

/** E.164, alone or in a sentence. */
const phones = /\+\d{7,15}(?!\d)/g;
const emails = /[^\s@<>"'(),;:]+@[^\s@<>"'(),;:]+\.[^\s@<>"'(),;:]+/g;
/** Links that open a fan's own page: who has one can act as she can. */
const fanLinks = /\/(c|s|me|u)\/[\w-]{6,}/g;

/**
 * An answer as somebody may read it who may not see full addresses (R89): numbers, e-mail addresses and
 * links to a fan's own page are cut, in whatever field or sentence they stand.
 */
export function maskAddresses(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(maskAddresses);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, maskAddresses(inner)]));
}

function maskText(text: string): string {
  return text
    .replace(phones, maskPhone)
    .replace(emails, maskEmail)
    .replace(fanLinks, (_, kind: string) => `/${kind}/•••`);
}

/** `maya@example.com` → `m•••@example.com`. */
function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}•••${email.slice(at)}`;
}
