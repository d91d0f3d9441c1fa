import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isReservedKeyword, maxKeywordLength, normaliseKeyword, parseKeyword } from './normalise.ts';

describe('R16 R19 parseKeyword', () => {
  test.each([
    ['PRESAVE', 'presave'],
    [' “Pre-Save!” ', 'presave'],
    ['pre save', 'presave'],
    ['#tour', 'tour'],
    ['🎵NEWS🎵', 'news'],
    ['2024', '2024'],
    ['Привет', 'привет'],
    ['プリセーブ', 'プリセーブ'],
    ['हिन्दी', 'हिन्दी'],
    ["Don't", 'dont'],
    ['please', 'please'],
    ['x'.repeat(30), 'x'.repeat(30)],
    ['𝒳'.repeat(30), 'x'.repeat(30)],
  ])('%s is the keyword %s', (text, normalised) => {
    expect(parseKeyword(text)).toEqual({ normalised });
  });

  test.each([
    ['', 'keyword_empty'],
    [' !? ', 'keyword_empty'],
    ['🎉', 'keyword_empty'],
    ['rock&roll', 'keyword_characters'],
    ['pre.save', 'keyword_characters'],
    ['pre$ave', 'keyword_characters'],
    ['x'.repeat(31), 'keyword_too_long'],
    ['st-op', 'keyword_reserved'],
  ])('%s is refused as %s', (text, code) => {
    expect(parseKeyword(text)).toMatchObject({ problem: { code } });
  });

  test('an accepted keyword is its own normal form and fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const parsed = parseKeyword(text);
        if ('problem' in parsed) return;
        expect(normaliseKeyword(parsed.normalised)).toBe(parsed.normalised);
        expect(parseKeyword(parsed.normalised)).toEqual(parsed);
        expect(Array.from(parsed.normalised).length).toBeLessThanOrEqual(maxKeywordLength);
        expect(parsed.normalised).toMatch(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}]*$/u);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('R17 reserved words', () => {
  test.each([
    'STOP',
    'stop all',
    'Opt-Out',
    'UNSUBSCRIBE',
    'cancel',
    'end',
    'quit',
    'revoke',
    'remove',
    'ARRÊT',
    'arret',
    'START',
    'unstop',
    'Help',
    'INFO',
    'yes',
    'sí',
    'JA',
    'oui',
    'はい',
    '停止',
    'ストップ',
    'Abmelden',
    'baja',
    'td',
  ])('%s', (word) => {
    expect(isReservedKeyword(word)).toBe(true);
    expect(parseKeyword(word)).toMatchObject({ problem: { code: 'keyword_reserved' } });
  });

  test.each(['PRESAVE', 'STOPLIGHT', 'HELPLESS', 'STARTUP', 'ENDLESS', ''])('%s is free', (word) => {
    expect(isReservedKeyword(word)).toBe(false);
  });
});
