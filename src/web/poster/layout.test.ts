import { expect, test } from 'vitest';
import { layOut, posterFormats, wrap, type Measure, type PosterFormat } from './layout.ts';

/** Half as wide as high, each letter. */
const measure: Measure = (text, _face, size) => text.length * size * 0.5;
const legal =
  'By texting PRESAVE you agree to get recurring automated marketing texts from Nova Reyes (sent by Nova Reyes Music LLC) at the number you text from, at most 6 a month. Consent is not a condition of purchase. Msg & data rates may apply. Reply HELP for help, STOP to end. Terms: https://segue.example/t/nova-reyes Privacy: https://segue.example/privacy/nova-reyes';
const usual = {
  title: 'Midnight Ferry',
  byline: 'Nova Reyes',
  action: 'Text PRESAVE to +1 619 555 0100',
  small: legal,
};
const formats = Object.keys(posterFormats) as PosterFormat[];

test.each(formats)('R95 a %s carries every word of the call to action, whatever its length', (format) => {
  for (const title of ['Ó', usual.title, 'A long title that goes on '.repeat(11)]) {
    const words = { ...usual, title, small: legal.repeat(title.length > 200 ? 3 : 1) };
    const layout = layOut(words, format, measure);
    const said = layout.lines.map(({ text }) => text).join(' ');
    for (const text of Object.values(words)) expect(said).toContain(text.trim());
    const { width, bottomMargin } = posterFormats[format];
    const bottom = layout.unitHeight - bottomMargin;
    for (const { x, y, text, face, size } of layout.lines) {
      expect(y).toBeLessThanOrEqual(bottom);
      expect(x + measure(text, face, size)).toBeLessThanOrEqual(layout.unitWidth);
    }
    expect(layout.code.y + layout.code.side).toBeLessThanOrEqual(bottom + 1e-6);
    // At 300 dots an inch and 2,480 across: no code below two centimetres.
    expect((layout.code.side / layout.unitWidth) * width).toBeGreaterThan(150);
    expect(layout.artHeight).toBeGreaterThan(0);
  }
});

test('the small print stands beside the code, not under it', () => {
  const { lines, code } = layOut(usual, 'poster', measure);
  const beside = lines.filter(({ y }) => y > code.y);
  expect(beside.length).toBeGreaterThan(3);
  for (const { x, text, face, size } of beside) expect(x + measure(text, face, size)).toBeLessThan(code.x);
});

test('a line breaks between words, and a word that is longer than a line is parted', () => {
  const width = (text: string) => text.length;
  expect(wrap('one two three', 7, width)).toEqual(['one two', 'three']);
  expect(wrap('a abcdefghij b', 4, width)).toEqual(['a', 'abcd', 'efgh', 'ij b']);
  expect(wrap('  ', 4, width)).toEqual([]);
});
