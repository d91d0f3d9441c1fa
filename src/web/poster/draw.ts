import { paletteOf } from '#landing-pages/palette.ts';
import { layOut, posterFormats, type Face, type PosterFormat, type PosterWords } from './layout.ts';

export interface PosterContent extends PosterWords {
  /** What the code says: an address, or a text that is ready to be sent. */
  code: string;
  /** Null: the ground alone, in paper and ink. */
  artwork: { url: string; colour: string } | null;
}

const faces: Record<Face, { weight: number; family: string }> = {
  title: { weight: 500, family: "'Fraunces Variable', Georgia, serif" },
  plain: { weight: 400, family: "'Instrument Sans Variable', 'Segue Sans Fallback', sans-serif" },
  strong: { weight: 650, family: "'Instrument Sans Variable', 'Segue Sans Fallback', sans-serif" },
};
/** The hue of a poster without artwork; Segue's own vermilion is not on it: the poster is the artist's. */
const ink = '#5a4a3c';

/**
 * A picture of the whole poster, made in this browser: it has the fonts, and the words and the code are
 * those on the page. Throws where the artwork cannot be loaded.
 */
export async function drawPoster(content: PosterContent, format: PosterFormat): Promise<Blob> {
  const { width, height } = posterFormats[format];
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no pictures.');
  const [artwork, code] = await Promise.all([loadArtwork(content), drawCode(content.code), loadFonts()]);
  const shades = paletteOf(content.artwork?.colour ?? ink).dark;
  const layout = layOut(content, format, (text, face, size) => {
    context.font = fontOf(face, size);
    return context.measureText(text).width;
  });
  context.scale(width / layout.unitWidth, width / layout.unitWidth);
  context.fillStyle = shades.paper;
  context.fillRect(0, 0, layout.unitWidth, layout.unitHeight);
  if (artwork !== null) drawCover(context, artwork, layout.unitWidth, layout.artHeight);
  for (const line of layout.lines) {
    context.font = fontOf(line.face, line.size);
    context.fillStyle = line.isSoft ? shades.soft : shades.ink;
    context.fillText(line.text, line.x, line.y);
  }
  context.imageSmoothingEnabled = false;
  context.drawImage(code, layout.code.x, layout.code.y, layout.code.side, layout.code.side);
  return toBlob(canvas);
}

const fontOf = (face: Face, size: number) => `${faces[face].weight} ${size}px ${faces[face].family}`;

async function loadFonts(): Promise<void> {
  await Promise.all(Object.keys(faces).map((face) => document.fonts.load(fontOf(face as Face, 40)))); // As: its own keys.
}

/** By its path: this page may have been opened under another name of the same host. */
async function loadArtwork({ artwork }: PosterContent): Promise<ImageBitmap | null> {
  if (artwork === null) return null;
  const response = await fetch(new URL(artwork.url, location.href).pathname);
  if (!response.ok) throw new Error('The artwork could not be loaded.');
  return createImageBitmap(await response.blob());
}

async function drawCode(text: string): Promise<HTMLCanvasElement> {
  const canvas = document.createElement('canvas');
  const { default: codes } = await import('qrcode');
  // Wide enough for print; black on white, which every camera reads.
  await codes.toCanvas(canvas, text, { width: 1_000, margin: 2, errorCorrectionLevel: 'M' });
  return canvas;
}

/** Fills the area from its middle, as `object-fit: cover` does. */
function drawCover(context: CanvasRenderingContext2D, image: ImageBitmap, width: number, height: number) {
  const scale = Math.max(width / image.width, height / image.height);
  const [w, h] = [width / scale, height / scale];
  context.drawImage(image, (image.width - w) / 2, (image.height - h) / 2, w, h, 0, 0, width, height);
}

function toBlob(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The picture could not be made.'));
      else resolve(blob);
    }, 'image/png');
  });
}
