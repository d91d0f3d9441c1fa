/** The key that seals stored credentials, where nobody gave one: generated once, kept in a file. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const keyBytes = 32;
export const secretFileName = 'secret.key';

/**
 * Reads `secret.key` of the folder, or makes it: 32 bytes, base64, readable by its owner only.
 * Of two processes that make it at once, both get the same key. A file that holds anything else is
 * never written over, since what was sealed with it would be lost; that throws a sentence.
 */
export function ensureSecretKey(dataDir: string): Buffer {
  const file = path.join(dataDir, secretFileName);
  const found = readKey(file);
  if (found) return found;
  mkdirSync(dataDir, { recursive: true });
  const candidate = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(candidate, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(candidate, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    rmSync(candidate, { force: true });
  }
  const made = readKey(file);
  if (!made) throw new Error(`${file} vanished while it was being made: start one Segue at a time.`);
  return made;
}

function readKey(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw new Error(
      `${file} holds the key to all stored credentials and cannot be read: start Segue as its owner.`,
      {
        cause: error,
      },
    );
  }
  const key = Buffer.from(text, 'base64');
  if (key.length === keyBytes && key.toString('base64') === text) return key;
  throw new Error(
    `${file} does not hold 32 bytes in base64: bring it back from a backup, or give the key as SECRET_KEY.`,
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
