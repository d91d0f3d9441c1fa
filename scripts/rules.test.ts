import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readRules, readTests, rulesIn } from './read-rules.ts';

const root = path.resolve(import.meta.dirname, '..');
const document = readFileSync(`${root}/docs/rules.md`, 'utf8');
const tests = readTests(root);
const rules = readRules(document, tests);

test('every rule is named by a test, or says why none does', () => {
  expect(rules.length).toBeGreaterThan(150);
  expect(rules.filter((one) => one.tests.length === 0 && one.excuse === null).map(({ id }) => id)).toEqual(
    [],
  );
});

test('no test names a rule that is not in docs/rules.md, which names each once', () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(known.size).toBe(rules.length);
  const unknown = tests.flatMap(({ file, title }) =>
    rulesIn(title)
      .filter((id) => !known.has(id))
      .map((id) => `${file}: ${id}`),
  );
  expect(unknown).toEqual([]);
});

test('titles are found in every form they are written in', () => {
  expect(rulesIn('S1 (R94–R96, A7) at R100-R101, not XR5 nor R5x')).toEqual([
    'S1',
    'R94',
    'R95',
    'R96',
    'A7',
    'R100',
    'R101',
  ]);
  const own = tests.filter(({ file }) => file === 'scripts/rules.test.ts').map(({ title }) => title);
  expect(own).toHaveLength(4);
});

test.each(['| R1 | One rule. |\n\n## Without a test, and why\n\n| R1 | Too early. |'])(
  'a rule keeps its excuse until a test names it',
  (text) => {
    expect(readRules(text, [])).toEqual([{ id: 'R1', text: 'One rule.', excuse: 'Too early.', tests: [] }]);
    const proof = { file: 'x.test.ts', title: 'R1 holds' };
    expect(readRules(text, [proof])[0]?.tests).toEqual([proof]);
  },
);
