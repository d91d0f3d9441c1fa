import { createHash } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const characters = 16;

/**
 * The version of a published text: the first 80 bits of its SHA-256 in base32 (RFC 4648, lower
 * case), so that a consent can name exactly what was shown. Equal texts have equal versions, and a
 * changed space is another version.
 */
export function textVersion(text: string): string {
  const digest = createHash('sha256').update(text, 'utf8').digest();
  let version = '';
  for (let i = 0; i < characters; i++) {
    const bit = i * 5;
    const pair = digest.readUInt16BE(bit >> 3);
    version += alphabet.charAt((pair >> (11 - (bit & 7))) & 31);
  }
  return version;
}
