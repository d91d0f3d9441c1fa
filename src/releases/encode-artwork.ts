import type { Sharp } from 'sharp';
import { UserError } from '#lib/errors.ts';

/** Widths in which a cover is kept: in a list, on a phone, on a page. A smaller original is not enlarged. */
export const artworkWidths = [160, 480, 1200] as const;

/** Formats that a person's computer makes of a picture. SVG is a program, not a picture. */
const formats = new Set(['jpeg', 'png', 'webp', 'heif', 'gif', 'tiff']);

const minPixels = 300;
/** A small file can unpack to a picture that fills the memory. */
const maxPixels = 80_000_000;

export interface EncodedArtwork {
  images: { width: number; bytes: Buffer }[];
  /** `#rrggbb`: what people would call its colour. */
  colour: string;
}

/**
 * Decodes an uploaded picture and encodes it anew: what is kept holds pixels and nothing else, neither
 * a camera's notes nor whatever else was in the file. 422 where it is no picture, or too small to show.
 */
export async function encodeArtwork(bytes: Buffer): Promise<EncodedArtwork> {
  if (bytes.byteLength === 0) throw refuse('empty', 'There is no picture in this request.');
  // Loaded when the first cover comes: it is large, and most processes never see one.
  const { default: sharp } = await import('sharp');
  try {
    const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' }).timeout({ seconds: 20 });
    const { format, width, height } = await image.metadata();
    if (!formats.has(format)) throw notPicture();
    if (Math.min(width, height) < minPixels) {
      const message = `This picture is ${width} × ${height} pixels; a cover needs at least ${minPixels} × ${minPixels}.`;
      throw refuse('too_small', message);
    }
    // Upright, without transparency, in the colours that every screen has.
    const upright = image.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb');
    const images = await Promise.all(
      artworkWidths.map(async (to) => ({ width: to, bytes: await encode(upright, to) })),
    );
    return { images, colour: await colourOf(upright) };
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof Error && /pixel limit/i.test(error.message)) {
      throw refuse('too_many_pixels', 'This picture has too many pixels. 3,000 × 3,000 is plenty.');
    }
    throw notPicture();
  }
}

function encode(image: Sharp, width: number): Promise<Buffer> {
  return image
    .clone()
    .resize({ width, height: width, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 84, mozjpeg: true })
    .toBuffer();
}

/** The hue that strikes the eye; of a picture without any, its middle grey. */
async function colourOf(image: Sharp): Promise<string> {
  const pixels = await image.clone().resize(32, 32, { fit: 'fill' }).raw().toBuffer();
  const hues = Array.from({ length: 12 }, () => ({ weight: 0, rgb: [0, 0, 0] }));
  const all = { weight: 0, rgb: [0, 0, 0] };
  for (let at = 0; at + 2 < pixels.length; at += 3) {
    const rgb = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const { hue, chroma } = hueOf(rgb);
    add(all, rgb, 1);
    const bin = hues[Math.floor(hue * hues.length) % hues.length];
    if (bin !== undefined) add(bin, rgb, chroma * chroma);
  }
  const [strongest] = hues.toSorted((a, b) => b.weight - a.weight);
  const chosen = strongest !== undefined && strongest.weight > all.weight * 0.01 ? strongest : all;
  const hex = chosen.rgb.map((sum) =>
    Math.round(sum / chosen.weight)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}

function add(to: { weight: number; rgb: number[] }, rgb: readonly number[], weight: number) {
  to.weight += weight;
  to.rgb = to.rgb.map((sum, at) => sum + (rgb[at] ?? 0) * weight);
}

/** Both 0 to 1. */
function hueOf(rgb: readonly number[]): { hue: number; chroma: number } {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => value / 255);
  const max = Math.max(red, green, blue);
  const chroma = max - Math.min(red, green, blue);
  if (chroma === 0) return { hue: 0, chroma };
  const sixth =
    max === red
      ? (green - blue) / chroma
      : max === green
        ? 2 + (blue - red) / chroma
        : 4 + (red - green) / chroma;
  return { hue: ((sixth + 6) % 6) / 6, chroma };
}

function notPicture(): UserError {
  return refuse(
    'not_a_picture',
    'This file is not a picture that can be read. JPEG, PNG and WebP always work.',
  );
}

function refuse(code: string, message: string): UserError {
  return new UserError(422, 'invalid', message, { errors: [{ path: 'artwork', code, message }] });
}
