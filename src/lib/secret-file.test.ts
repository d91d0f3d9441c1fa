import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureSecretKey } from './secret-file.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'segue-key-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('makes 32 bytes that only their owner can read, once', () => {
  const made = ensureSecretKey(path.join(dir, 'data'));
  expect(made).toHaveLength(32);
  expect(ensureSecretKey(path.join(dir, 'data'))).toEqual(made);
  expect(statSync(path.join(dir, 'data', 'secret.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.join(dir, 'data'))).toEqual(['secret.key']);
});

test('another folder gets another key', () => {
  expect(ensureSecretKey(path.join(dir, 'a'))).not.toEqual(ensureSecretKey(path.join(dir, 'b')));
});

test('a damaged file is refused and left as it is', () => {
  writeFileSync(path.join(dir, 'secret.key'), 'half a key');
  expect(() => ensureSecretKey(dir)).toThrow(/secret\.key does not hold 32 bytes in base64: bring it back/);
  expect(readFileSync(path.join(dir, 'secret.key'), 'utf8')).toBe('half a key');
});
