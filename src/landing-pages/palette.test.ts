import { expect, test } from 'vitest';
import { contrast, paletteOf } from './palette.ts';

const channel = ['00', '33', '66', '99', 'cc', 'ff'];
const colours = channel.flatMap((red) =>
  channel.flatMap((green) => channel.map((blue) => `#${red}${green}${blue}`)),
);

test('whatever the cover’s colour is, every text on the page can be read, in light and dark', () => {
  for (const colour of colours) {
    for (const [name, shades] of Object.entries(paletteOf(colour))) {
      const { paper, raised, ink, soft, accent, onAccent } = shades;
      for (const [text, ground] of [
        [ink, paper],
        [ink, raised],
        [soft, paper],
        [soft, raised],
        [accent, paper],
        [onAccent, accent],
      ] as const) {
        expect([colour, name, text, ground, contrast(text, ground) >= 4.5]).toEqual([
          colour,
          name,
          text,
          ground,
          true,
        ]);
      }
    }
  }
});

test('a cover’s hue is kept: blue stays blue, grey gets no colour', () => {
  const blue = paletteOf('#1f4fd8').light.accent;
  expect(Number.parseInt(blue.slice(5), 16)).toBeGreaterThan(Number.parseInt(blue.slice(1, 3), 16) + 60);
  const grey = paletteOf('#808080').light.accent;
  expect(new Set([grey.slice(1, 3), grey.slice(3, 5), grey.slice(5)]).size).toBe(1);
});
