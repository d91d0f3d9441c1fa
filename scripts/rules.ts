/**
 * npm run rules [-- R44 …] [--missing]
 *
 * Every rule of `docs/rules.md` with the tests that prove it, and those without a test, with the reason.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRules, readTests, type Rule } from './read-rules.ts';

const root = path.resolve(import.meta.dirname, '..');
const args = process.argv.slice(2);
const wanted = new Set(args.filter((one) => !one.startsWith('--')).map((one) => one.toUpperCase()));
const isOnlyMissing = args.includes('--missing');
const rules = readRules(readFileSync(`${root}/docs/rules.md`, 'utf8'), readTests(root));

for (const rule of rules) {
  if (wanted.size > 0 && !wanted.has(rule.id)) continue;
  if (isOnlyMissing && rule.tests.length > 0) continue;
  console.log(show(rule));
}
console.log(summary());

function show({ id, text, tests, excuse }: Rule): string {
  const proofs = tests.map(({ file, title }) => `      ${file}\n        ${title}`);
  const none = excuse === null ? '      no test names it' : `      no test: ${excuse}`;
  return [`${id.padEnd(5)} ${text}`, ...(tests.length === 0 ? [none] : proofs)].join('\n');
}

function summary(): string {
  const proven = rules.filter(({ tests }) => tests.length > 0).length;
  const excused = rules.filter(({ tests, excuse }) => tests.length === 0 && excuse !== null).length;
  const missing = rules.length - proven - excused;
  return `\n${rules.length} rules: ${proven} proven by tests, ${excused} without a test for a reason, ${missing} missing.`;
}
