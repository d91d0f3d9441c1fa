import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { complianceWords } from '#lib/compliance-words.ts';
import { isAutoReply, isReaction } from './automatic-texts.ts';
import { mayMeanOptOut } from './opt-out-sentences.ts';
import { readComplianceWord } from './words.ts';

const published = readFileSync(new URL('../../docs/opt-out-words.md', import.meta.url), 'utf8');
const cases = [...published.matchAll(/^\| `(?<text>.+)` \| (?<reading>[a-z-]+) \|$/gmu)].map(
  ({ groups }) => [groups?.['text'] ?? '', groups?.['reading'] ?? ''] as const,
);

/** As the doors read it, without the keywords of flows. */
function readingOf(text: string): string {
  const { kind } = readComplianceWord(text);
  if (kind !== null) return kind === 'stop' ? 'opt-out' : kind;
  return !isReaction(text) && !isAutoReply(text) && mayMeanOptOut(text) ? 'held' : 'ordinary';
}

describe('R18 R40 R41 the published table is what the program does', () => {
  test.each(cases)('%j is read as %s', (text, reading) => {
    expect(readingOf(text)).toBe(reading);
  });
});

test('R41 the table has words, sentences and harmless texts in every language of the packs, and none twice', () => {
  const sections = published.split(/^## /mu).slice(1);
  const kinds = ['opt-out', 'held', 'ordinary'];
  const languages = sections.filter((section) => kinds.every((kind) => section.includes(`| ${kind} |`)));
  // English has a section for each kind.
  expect(languages).toHaveLength(Object.keys(complianceWords.stop).length - 1);
  for (const kind of kinds) expect(sections.slice(0, 4).join('')).toContain(`| ${kind} |`);
  // Ja and parar are words of two languages each.
  const twice = cases.filter(([text], at) => cases.findIndex((one) => one[0] === text) !== at);
  expect(new Set(twice.map(([, reading]) => reading))).toEqual(new Set(['opt-out', 'yes']));
});
