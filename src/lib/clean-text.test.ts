import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';

test('removes NUL and replaces lone surrogates', () => {
  expect(cleanText('a\0b')).toBe('ab');
  expect(cleanText('x\ud83dy')).toBe('x\ufffdy');
  expect(cleanText('\udc00')).toBe('\ufffd');
  expect(cleanText('🎵\n\t')).toBe('🎵\n\t');
});

test('the result survives UTF-8, and cleaning twice changes nothing', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((n) => String.fromCharCode(n)) }),
      (a, b) => {
        const clean = cleanText(a + b);
        expect(Buffer.from(clean, 'utf8').toString('utf8')).toBe(clean);
        expect(clean).not.toContain('\0');
        expect(cleanText(clean)).toBe(clean);
      },
    ),
    { numRuns: 2000 },
  );
});
