import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { logActions } from './en/log.ts';

const source = path.resolve(import.meta.dirname, '../..');

/** Every action that the server writes, from the calls themselves: `'flow.activated'` where an entry is made. */
function actionsWritten(): string[] {
  const files = globSync('**/*.ts', { cwd: source, exclude: ['web/**', '**/*.test.ts'] });
  const texts = files.map((file) => readFileSync(path.join(source, file), 'utf8'));
  const found = texts
    .filter((text) => text.includes('writeAudit('))
    .flatMap((text) => [...text.matchAll(/(?:action: |caller, )'([a-z]+\.[a-z_]+)'/g)])
    .map(([, action]) => action ?? '');
  return [...new Set(found)].toSorted();
}

test('R90 every action in the log is said in words', () => {
  const written = actionsWritten();
  expect(written.length).toBeGreaterThan(30);
  expect(written.filter((action) => !(action in logActions))).toEqual([]);
});
