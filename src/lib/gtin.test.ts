import { describe, expect, it } from 'vitest';
import { gtinForms, isSameGtin } from './gtin.ts';

describe('bar codes', () => {
  it('are the same whatever zeros stand in front', () => {
    expect(isSameGtin('602475093060', '00602475093060')).toBe(true);
    expect(isSameGtin('602475093060', '602475093061')).toBe(false);
    expect(isSameGtin(null, '602475093060')).toBe(false);
    expect(isSameGtin('0000', '000')).toBe(false);
    expect(isSameGtin('', '')).toBe(false);
  });

  it('are asked for as given, then padded', () => {
    expect(gtinForms('602475093060')).toEqual(['602475093060', '00602475093060', '0602475093060']);
    expect(gtinForms('0198000000017')).toEqual(['0198000000017', '00198000000017', '198000000017']);
    expect(gtinForms('nothing')).toEqual([]);
  });
});
