import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/**
 * Encryption at rest: AES-256-GCM. A sealed text is `version(1) keyId(4) nonce(12) tag(16) data`;
 * the key id says which key opens it, so that keys can be rotated.
 */
export interface Sealer {
  seal(text: string): Buffer;
  /** Throws when the text was altered or its key is not known. */
  unseal(sealed: Buffer): string;
  /** Keyed hash of a secret that has to be found again, 32 bytes. */
  hash(text: string): Buffer;
  /** The hash by each of the keys, the current one first: what is looked up may be older than the last change. */
  hashes(text: string): Buffer[];
  /** Whether `hash` is the text's, by any of the keys; constant time. `hash` may be its beginning. */
  isHash(text: string, hash: Buffer): boolean;
}

const version = 1;

/** `keys[0]` seals; all of them open. 32 bytes each. */
export function createSealer(keys: readonly [Buffer, ...Buffer[]]): Sealer {
  // Key objects are made once: making one for every text shows in a burst.
  const byId = new Map<string, KeyObject>(
    keys.map((key) => [keyIdOf(key).toString('hex'), createSecretKey(key)]),
  );
  const current = createSecretKey(keys[0]);
  const currentId = keyIdOf(keys[0]);
  return {
    seal(text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current, nonce);
      const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([version]), currentId, nonce, cipher.getAuthTag(), data]);
    },
    unseal(sealed) {
      const key = byId.get(sealed.subarray(1, 5).toString('hex'));
      if (sealed[0] !== version || key === undefined)
        throw new Error('sealed with a key that is not known here');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(5, 17));
      decipher.setAuthTag(sealed.subarray(17, 33));
      return Buffer.concat([decipher.update(sealed.subarray(33)), decipher.final()]).toString('utf8');
    },
    hash: (text) => createHmac('sha256', current).update(text).digest(),
    hashes: (text) => [...byId.values()].map((key) => createHmac('sha256', key).update(text).digest()),
    isHash: (text, hash) =>
      hash.length >= 16 &&
      [...byId.values()].some((key) => {
        const made = createHmac('sha256', key).update(text).digest().subarray(0, hash.length);
        return made.length === hash.length && timingSafeEqual(made, hash);
      }),
  };
}

/** Which key sealed a text, without the key: bytes 1 to 4 of what is sealed. */
export function keyIdOf(key: Buffer): Buffer {
  return createHash('sha256').update('segue key id').update(key).digest().subarray(0, 4);
}
