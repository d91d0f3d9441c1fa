import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, test } from 'vitest';
import { countParts, lighterOf, smartEncode } from './parts.ts';

describe('R82 what makes a text longer', () => {
  test.each([
    ['plain', 'a'.repeat(200), null],
    ['short enough with it', `${'a'.repeat(60)}🎵`, null],
    ['one emoji', `${'a'.repeat(160)}🎵`, { emoji: 1, letters: [], parts: 1 }],
    ['161 characters, one of them an emoji', `${'a'.repeat(161)}🎵`, { emoji: 1, letters: [], parts: 2 }],
    ['emoji of several signs', `${'a'.repeat(100)}👩‍👩‍👧 🇩🇪`, { emoji: 2, letters: [], parts: 1 }],
    ['a letter, twice', `${'a'.repeat(100)}šš`, { emoji: 0, letters: ['š'], parts: 1 }],
    ['curly quotes come along', `“${'a'.repeat(100)}” 🎵`, { emoji: 1, letters: [], parts: 1 }],
    ['nothing is left', 'я'.repeat(100), null],
  ])('%s', (_, text, lighter) => {
    expect(lighterOf(text)).toEqual(lighter);
  });
});

describe('R80 R82 countParts', () => {
  test.each([
    ['', 0, 'GSM-7', 0, 0],
    ['a', 1, 'GSM-7', 1, 1],
    ['a'.repeat(160), 1, 'GSM-7', 160, 160],
    ['a'.repeat(161), 2, 'GSM-7', 161, 161],
    ['a'.repeat(306), 2, 'GSM-7', 306, 306],
    ['a'.repeat(307), 3, 'GSM-7', 307, 307],
    ['€'.repeat(80), 1, 'GSM-7', 80, 160],
    ['€'.repeat(81), 2, 'GSM-7', 81, 162],
    [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 3, 'GSM-7', 305, 306],
    ['[x] {y} ~|^\\', 1, 'GSM-7', 12, 20],
    ['ä'.repeat(160), 1, 'GSM-7', 160, 160],
    ['ç', 1, 'UCS-2', 1, 1],
    ['я'.repeat(70), 1, 'UCS-2', 70, 70],
    ['я'.repeat(71), 2, 'UCS-2', 71, 71],
    ['я'.repeat(134), 2, 'UCS-2', 134, 134],
    ['я'.repeat(135), 3, 'UCS-2', 135, 135],
    ['😀'.repeat(35), 1, 'UCS-2', 35, 70],
    ['😀'.repeat(36), 2, 'UCS-2', 36, 72],
    ['😀'.repeat(66), 2, 'UCS-2', 66, 132],
    ['😀'.repeat(67), 3, 'UCS-2', 67, 134],
    ['it’s', 1, 'UCS-2', 4, 4],
    [`it’s${'a'.repeat(67)}`, 2, 'UCS-2', 71, 71],
    ['👩‍👩‍👧', 1, 'UCS-2', 1, 8],
  ])('%j', (text, parts, encoding, characters, units) => {
    expect(countParts(text)).toEqual({ parts, encoding, characters, units });
  });

  test('the short way agrees with the calculator', () => {
    const unit = fc.constantFrom(
      'a',
      'Z',
      '0',
      ' ',
      '\n',
      '@',
      'é',
      'Ω',
      '€',
      '[',
      '\f',
      'ç',
      'я',
      '😀',
      '’',
      '\t',
      '\r',
      '\r\n',
      'Ç',
      '`',
    );
    fc.assert(
      fc.property(
        // The calculator needs a time that grows with the square of the text: up to 180 signs suffice.
        fc.array(unit, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 15 }),
        (units, times) => {
          const text = units.join('').repeat(times);
          const expected = new SegmentedMessage(text);
          expect(countParts(text)).toMatchObject({
            parts: expected.segmentsCount,
            encoding: expected.encodingName,
          });
        },
      ),
      { numRuns: 10_000 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 .,!?@£$¥ÄÖÑÜ§¿äöñüà&'()*+:;<=>_-]{1,400}$/u), (text) => {
        expect(countParts(text).parts).toBe(new SegmentedMessage(text).segmentsCount);
        expect(countParts(text).encoding).toBe('GSM-7');
      }),
      { numRuns: 10_000 },
    );
  });

  test('a longer text never has fewer parts', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 50 }),
        (a, b) => {
          expect(countParts(a + b).parts).toBeGreaterThanOrEqual(countParts(a).parts);
          expect(countParts(a).parts === 0).toBe(a === '');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('smartEncode', () => {
  test.each([
    ['it’s “here” – now…', `it's "here" - now...`],
    ['a\u00a0b\u2009c\u200bd', 'a b cd'],
    ['cafe\u0301', 'café'],
    ['plain', 'plain'],
    ['it’s 🎉', 'it’s 🎉'],
    ['it’s Привет', 'it’s Привет'],
  ])('%j becomes %j', (text, plain) => {
    expect(smartEncode(text)).toBe(plain);
  });

  test('never makes more parts, and doing it twice changes nothing', () => {
    const unit = fc.constantFrom('a', 'word ', '’', '“', '…', '—', '€', '\u00a0', '🎉', '«', 'é', 'ç', '•');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 200 }), (units) => {
        const text = units.join('');
        const encoded = smartEncode(text);
        expect(countParts(encoded).parts).toBeLessThanOrEqual(countParts(text).parts);
        expect(smartEncode(encoded)).toBe(encoded);
      }),
      { numRuns: 10_000 },
    );
  });
});
