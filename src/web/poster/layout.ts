/** Where everything on a poster stands, in units: a picture is 1,080 of them wide. Knows no canvas. */

export interface PosterWords {
  title: string;
  byline: string | null;
  /** What to do, in one line that is read from afar: `Text PRESAVE to (619) 555-0100`. */
  action: string;
  /** What the law wants beside it, or where the code leads (R95). Never left out, never cut. */
  small: string;
}

export const posterFormats = {
  /** A sheet of A4 at 300 dots an inch; printed larger it stays sharp to A3. */
  poster: { width: 2_480, height: 3_508, bottomMargin: 56 },
  /** Nine to sixteen; apps lay their own buttons over the last sixth. */
  story: { width: 1_080, height: 1_920, bottomMargin: 320 },
} as const;
export type PosterFormat = keyof typeof posterFormats;

export type Face = 'title' | 'plain' | 'strong';

export interface Line {
  text: string;
  face: Face;
  size: number;
  x: number;
  /** Of the line's foot. */
  y: number;
  isSoft: boolean;
}

export interface PosterLayout {
  unitWidth: number;
  unitHeight: number;
  artHeight: number;
  lines: Line[];
  code: { x: number; y: number; side: number };
}

/** How wide a text is, in units. */
export type Measure = (text: string, face: Face, size: number) => number;

const unitWidth = 1_080;
const margin = 64;
const codeSide = 200;
const gap = 26;

interface Block {
  text: string;
  face: Face;
  size: number;
  isSoft: boolean;
  /** Line height, by the size. */
  leading: number;
  before: number;
}

/**
 * Sets the words below the artwork, and the code at the right of the small print. Words that are too many
 * for the room take room from the artwork first, then get smaller together; nothing is left out.
 */
export function layOut(words: PosterWords, format: PosterFormat, measure: Measure): PosterLayout {
  const { width, height, bottomMargin } = posterFormats[format];
  const unitHeight = (height / width) * unitWidth;
  const bottom = unitHeight - bottomMargin;
  const leastArt = unitHeight * 0.34;
  for (let scale = 1; ; scale *= 0.94) {
    const set = setBlocks(words, scale, measure);
    const artHeight = Math.min(unitWidth, bottom - set.height - margin * 0.6);
    if (artHeight < leastArt && scale > 0.35) continue;
    const top = artHeight + margin * 0.6;
    return {
      unitWidth,
      unitHeight,
      artHeight,
      lines: set.lines.map((line) => ({ ...line, y: line.y + top })),
      code: { ...set.code, y: set.code.y + top },
    };
  }
}

function setBlocks(words: PosterWords, scale: number, measure: Measure) {
  const lines: Line[] = [];
  let y = 0;
  const put = ({ text, face, size, isSoft, leading, before }: Block, room: number) => {
    const scaled = size * scale;
    y += before;
    for (const line of wrap(text, room, (part) => measure(part, face, scaled))) {
      y += scaled * leading;
      lines.push({ text: line, face, size: scaled, x: margin, y, isSoft });
    }
  };
  const whole = unitWidth - 2 * margin;
  put({ text: words.title, face: 'title', size: 82, isSoft: false, leading: 1.08, before: 0 }, whole);
  if (words.byline !== null)
    put({ text: words.byline, face: 'plain', size: 32, isSoft: true, leading: 1.3, before: 6 }, whole);
  put({ text: words.action, face: 'strong', size: 54, isSoft: false, leading: 1.16, before: gap }, whole);
  y += gap;
  const top = y;
  const beside = whole - codeSide - gap * 1.5;
  put({ text: words.small, face: 'plain', size: 21, isSoft: true, leading: 1.36, before: 0 }, beside);
  const height = Math.max(y, top + codeSide);
  const code = { x: unitWidth - margin - codeSide, y: top, side: codeSide };
  return { lines, code, height };
}

/** Words on as many lines as they need; a word that is longer than a line is parted. */
export function wrap(text: string, room: number, widthOf: (part: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= room) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > room && line.length > 1) {
      const cut = partThatFits(line, room, widthOf);
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return line === '' ? lines : [...lines, line];
}

function partThatFits(word: string, room: number, widthOf: (part: string) => number): number {
  let cut = word.length - 1;
  while (cut > 1 && widthOf(word.slice(0, cut)) > room) cut--;
  return cut;
}
