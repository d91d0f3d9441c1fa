import { SegmentedMessage } from 'sms-segments-calculator';

/** Characters of one GSM-7 unit each, without those whose pairs (a line break of two) count specially. */
const plain = /^[A-Za-z0-9 !"#%&'()*+,\-./:;<=>?@_$\n]*$/;

/**
 * Parts of a text as the provider counts them: with its own calculator, but for plain texts, where
 * the answer is arithmetic and the calculator's 0.4 ms would be most of a call.
 */
export function countParts(body: string): number {
  if (!plain.test(body)) return new SegmentedMessage(body).segmentsCount;
  return body.length <= 160 ? 1 : Math.ceil(body.length / 153);
}
