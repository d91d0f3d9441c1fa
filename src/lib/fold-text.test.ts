import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldCase, foldedWords, withoutAccents } from './fold-text.ts';
import { trimPoliteness } from './polite-words.ts';

test.each([
  ['  “Pre-Save!” pls', ['presave', 'pls']],
  ['ＰＲＥＳＡＶＥ', ['presave']],
  ["fan's\u2011club", ['fansclub']],
  ['pre–save', ['pre', 'save']],
  ['1️⃣ go🎉', ['1', 'go']],
  ['STRASSE straße', ['strasse', 'strasse']],
  ['ΟΔΟΣ οδός', ['οδοσ', 'οδόσ']],
  ['İstanbul', ['istanbul']],
  ['stop\u00b4s', ['stops']],
  ['s\u200bt\u200bop', ['stop']],
  ['ライブ', ['ライブ']],
  ['हिन्दी', ['हिन्दी']],
  ['…!', []],
])('%s is read as %j', (text, words) => {
  expect(foldedWords(text)).toEqual(words);
});

test('accents go from Latin letters, voicing marks stay on kana', () => {
  expect(withoutAccents('arrêt señor')).toBe('arret senor');
  expect(withoutAccents('ストップ')).toBe('ストップ');
});

test('folding twice changes nothing, and case never matters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = foldCase(text);
      expect(foldCase(once)).toBe(once);
      expect(foldedWords(foldedWords(text).join(' '))).toEqual(foldedWords(text));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zäöüßéñα-ωа-я ]{0,30}$/u), (text) => {
      expect(foldedWords(text.toUpperCase())).toEqual(foldedWords(text));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['please presave', ['presave']],
  ['presave por favor gracias', ['presave']],
  ['thank you presave thank you', ['presave']],
  ["s'il vous plaît".replace('î', 'i'), []],
  ['save please me', ['save', 'please', 'me']],
  ['停止してください', ['停止']],
  ['please thanks', []],
  ['', []],
])('politeness goes from both ends: %s', (text, words) => {
  expect(trimPoliteness(foldedWords(text))).toEqual(words);
});
