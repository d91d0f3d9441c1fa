import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, safe in a URL. */
export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a random secret. Such secrets cannot be guessed, so a slow hash would protect nothing. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}
