import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeywordIndex, matchKeyword, type Keyword, type MatchMode } from './match-keyword.ts';
import { createNearIndex, isOneSlip } from './near-index.ts';

const keyword = (normalised: string, match: MatchMode = 'first'): Keyword<string> => ({
  normalised,
  match,
  value: normalised,
});
const read = (text: string, ...keywords: Keyword<string>[]) => {
  const match = matchKeyword(text, keywords);
  return match === null ? null : `${match.how} ${match.keyword}`;
};

describe('R16 first, the default', () => {
  test.each([
    ['PRESAVE', 'exact presave'],
    ['presave', 'exact presave'],
    ['  “Pre-Save!” pls', 'exact presave'],
    ['Pre-save pls', 'exact presave'],
    ['pre save', 'exact presave'],
    ['ＰＲＥＳＡＶＥ', 'exact presave'],
    ['🎵 presave 🎵', 'exact presave'],
    ['Thanks! Presave please', 'exact presave'],
    ['presave the new one', 'first presave'],
    ['please pre-save it', 'first presave'],
    ['pre s ave now', 'first presave'],
    ['p r e s a v e', 'exact presave'],
    ['p r e s ave now', null],
    ['I want to presave', null],
    ['presaved', 'near presave'],
    ['', null],
    ['🎉', null],
  ])('S14 %j gives %s', (text, expected) => {
    expect(read(text, keyword('presave'))).toBe(expected);
  });

  test('a polite keyword can still be texted', () => {
    expect(read('Please please please', keyword('pleasepleaseplease'))).toBe('exact pleasepleaseplease');
    expect(read('thanks', keyword('thanks'))).toBe('exact thanks');
  });

  test('the longer keyword counts', () => {
    expect(read('new fan here', keyword('new'), keyword('newfan'))).toBe('first newfan');
  });
});

describe('R16 exact and contains', () => {
  test.each<[string, MatchMode, string | null]>([
    ['tour', 'exact', 'exact tour'],
    ['tour please', 'exact', 'exact tour'],
    ['tour dates', 'exact', null],
    ['when is the tour?', 'contains', 'contains tour'],
    ['when is the t-our', 'contains', 'contains tour'],
    ['a detour', 'contains', null],
    ['TOUR', 'contains', 'exact tour'],
  ])('%j in mode %s gives %s', (text, mode, expected) => {
    expect(read(text, keyword('tour', mode))).toBe(expected);
  });

  test('a script without spaces is found anywhere', () => {
    expect(read('新しい曲のライブはいつ', keyword('ライブ', 'contains'))).toBe('contains ライブ');
  });

  test('exact before first before contains, then the longer one', () => {
    const all = [
      keyword('tourdatesberlin', 'contains'),
      keyword('tour'),
      keyword('dates', 'contains'),
      keyword('tourdates', 'exact'),
    ];
    expect(read('tour dates', ...all)).toBe('exact tourdates');
    expect(read('tour dates berlin', ...all)).toBe('exact tourdatesberlin');
    expect(read('tour dates berlin today', ...all)).toBe('first tour');
    expect(read('the tour dates berlin', ...all)).toBe('contains tourdatesberlin');
    expect(read('which dates', ...all)).toBe('contains dates');
  });

  test('of two equal keywords the earlier counts', () => {
    const match = matchKeyword('tour', [
      { normalised: 'tour', match: 'first', value: 1 },
      { normalised: 'tour', match: 'first', value: 2 },
    ]);
    expect(match?.value).toBe(1);
  });
});

describe('R107 near', () => {
  test.each([
    ['Persave', 'near presave'],
    ['presav', 'near presave'],
    ['pressave', 'near presave'],
    ['prasave', 'near presave'],
    ['pre-svae pls', 'near presave'],
    ['resave', 'near presave'],
    ['persvae', null],
    ['persave it for me', null],
  ])('%j gives %s', (text, expected) => {
    expect(read(text, keyword('presave'))).toBe(expected);
  });

  test('needs five letters and exactly one keyword', () => {
    expect(read('tuor', keyword('tour'))).toBeNull();
    expect(read('12346', keyword('12345'))).toBeNull();
    expect(read('sight', keyword('light'), keyword('night'))).toBeNull();
    expect(read('sight', keyword('light'), keyword('concert'))).toBe('near light');
  });

  test('can be left out', () => {
    expect(createKeywordIndex([keyword('presave')]).match('persave', { near: false })).toBeNull();
  });
});

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '曲', '𠮷'), minLength: 0, maxLength: 8 });

test('R107 one slip is the restricted edit distance of at most one', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      const [left, right] = [Array.from(a), Array.from(b)];
      expect(isOneSlip(left, right)).toBe(distance(left, right) <= 1);
    }),
    { numRuns: 5000 },
  );
});

test('R107 the index finds what comparing with every keyword finds', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        word.filter((w) => Array.from(w).length >= 5),
        { maxLength: 12 },
      ),
      word,
      (keywords, text) => {
        const near = keywords.filter((candidate) => distance(Array.from(candidate), Array.from(text)) <= 1);
        expect(createNearIndex(keywords).find(text)).toBe(near.length === 1 ? near[0] : null);
      },
    ),
    { numRuns: 3000 },
  );
});

test('R16 a keyword matches itself in any case, spacing and dress', () => {
  const dress = fc.constantFrom('', ' ', '!', '“', '”', '🎉 ', ' please ', '#', '... ');
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z0-9]{1,30}$/),
      fc.array(fc.nat(29)),
      dress,
      dress,
      (normalised, cuts, before, after) => {
        const spaced = Array.from(normalised)
          .map((char, i) => (cuts.includes(i) ? ` ${char.toUpperCase()}` : char))
          .join('');
        const match = matchKeyword(before + spaced + after, [keyword(normalised, 'exact')]);
        expect(match).toMatchObject({ how: 'exact', keyword: normalised });
      },
    ),
    { numRuns: 1000 },
  );
});

test('no text makes it throw', () => {
  const index = createKeywordIndex(
    Array.from({ length: 300 }, (_, i) =>
      keyword(`keyword${i}`, (['first', 'exact', 'contains'] as const)[i % 3]),
    ),
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(() => index.match(text)).not.toThrow();
    }),
    { numRuns: 1000 },
  );
});

/** Restricted Damerau–Levenshtein distance, written the slow and plain way. */
function distance(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_cell, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? Infinity;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, at(i - 2, j - 2) + 1);
      const row = rows[i];
      if (row !== undefined) row[j] = best;
    }
  }
  return at(a.length, b.length);
}
