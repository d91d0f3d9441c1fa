/** The colours of a page, one set for light and one for dark. All `#rrggbb`. */
export interface Palette {
  light: Shades;
  dark: Shades;
}

export interface Shades {
  paper: string;
  raised: string;
  ink: string;
  soft: string;
  rule: string;
  accent: string;
  onAccent: string;
}

/** WCAG 2.2, 1.4.3: text against what is behind it. */
const readable = 4.5;

/**
 * Colours drawn from a cover's own: its hue everywhere, its strength in the accent, and lightness moved
 * until every text can be read, whatever the cover is. Pure.
 */
export function paletteOf(colour: string): Palette {
  const { lightness, chroma, hue } = toLch(colour);
  const tint = Math.min(chroma, 0.05);
  const light = {
    paper: fromLch({ lightness: 0.975, chroma: tint * 0.25, hue }),
    raised: fromLch({ lightness: 0.993, chroma: tint * 0.12, hue }),
    ink: fromLch({ lightness: 0.21, chroma: tint * 0.5, hue }),
    soft: fromLch({ lightness: 0.44, chroma: tint * 0.5, hue }),
    rule: fromLch({ lightness: 0.87, chroma: tint * 0.4, hue }),
  };
  const dark = {
    paper: fromLch({ lightness: 0.18, chroma: tint * 0.35, hue }),
    raised: fromLch({ lightness: 0.225, chroma: tint * 0.4, hue }),
    ink: fromLch({ lightness: 0.94, chroma: tint * 0.25, hue }),
    soft: fromLch({ lightness: 0.74, chroma: tint * 0.4, hue }),
    rule: fromLch({ lightness: 0.34, chroma: tint * 0.4, hue }),
  };
  const strength = Math.min(chroma, 0.19);
  return {
    light: { ...light, ...accentFor({ lightness, chroma: strength, hue }, light.paper, -1) },
    dark: { ...dark, ...accentFor({ lightness, chroma: strength, hue }, dark.paper, 1) },
  };
}

/** Darker on a light ground, lighter on a dark one, as little as reading takes. */
function accentFor(wish: Lch, paper: string, direction: 1 | -1): Pick<Shades, 'accent' | 'onAccent'> {
  const onAccent = direction < 0 ? '#ffffff' : '#120f0d';
  // Near black or white no step of lightness is left to go.
  for (let lightness = Math.min(0.85, Math.max(0.3, wish.lightness)); ; lightness += direction * 0.01) {
    const accent = fromLch({ ...wish, lightness });
    const isReadable = contrast(accent, paper) >= readable && contrast(accent, onAccent) >= readable;
    if (isReadable || lightness < 0.1 || lightness > 0.96) return { accent, onAccent };
  }
}

/** 1 to 21. */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = linearOf(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

interface Lch {
  lightness: number;
  chroma: number;
  /** Radians. */
  hue: number;
}

/** OKLCH (Björn Ottosson, 2020): equal steps look equal, so that a hue keeps its character. */
function toLch(colour: string): Lch {
  const [red = 0, green = 0, blue = 0] = linearOf(colour);
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const middle = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  const a = 1.9779984951 * long - 2.428592205 * middle + 0.4505937099 * short;
  const b = 0.0259040371 * long + 0.7827717662 * middle - 0.808675766 * short;
  return {
    lightness: 0.2104542553 * long + 0.793617785 * middle - 0.0040720468 * short,
    chroma: Math.hypot(a, b),
    hue: Math.atan2(b, a),
  };
}

/** The nearest colour that a screen has: less colourful where it has none so strong. */
function fromLch({ lightness, chroma, hue }: Lch): string {
  for (let strength = chroma; strength > 0.002; strength -= 0.004) {
    const rgb = toLinear({ lightness, chroma: strength, hue });
    if (rgb.every((part) => part > -0.0005 && part < 1.0005)) return toHex(rgb);
  }
  return toHex(toLinear({ lightness, chroma: 0, hue }));
}

function toLinear({ lightness, chroma, hue }: Lch): number[] {
  const [a, b] = [chroma * Math.cos(hue), chroma * Math.sin(hue)];
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ];
}

function toHex(linear: readonly number[]): string {
  const parts = linear.map((part) => {
    const clipped = Math.min(1, Math.max(0, part));
    const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

function linearOf(colour: string): number[] {
  return [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}
