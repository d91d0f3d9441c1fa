/**
 * Countries in which a texted keyword can be consent to marketing (R99): the United States and its
 * territories (47 CFR 64.1200(f)(9): a text is a signature), and Canada, whose law asks for
 * identification and contact, which the call to action carries. Nowhere else: the strictest reading.
 */
const accepting: ReadonlySet<string> = new Set(['US', 'PR', 'VI', 'GU', 'MP', 'AS', 'UM', 'CA']);

/** Where a number typed into a form needs no yes by text (R37, R99): the United States and its territories. */
const singleByForm: ReadonlySet<string> = new Set(['US', 'PR', 'VI', 'GU', 'MP', 'AS', 'UM']);

export function needsDoubleOptIn(country: string | null): boolean {
  return country === null || !singleByForm.has(country);
}

export function acceptsKeywordAsConsent(country: string | null): boolean {
  return country !== null && accepting.has(country);
}
