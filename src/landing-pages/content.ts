import { z } from 'zod';
import { cleanText } from '#lib/clean-text.ts';
import { id } from '#lib/wire.ts';

/** What can stand on a landing page, in the order in which it stands there. */
export const pageParts = ['streaming', 'follow', 'nextsave', 'sms', 'email'] as const;
export type PagePart = (typeof pageParts)[number];

const line = (max: number) =>
  z
    .string()
    .max(max, { error: `At most ${max.toLocaleString('en')} characters.` })
    .transform((text) => cleanText(text).replace(/\s+/gu, ' ').trim());

const paragraph = (max: number) =>
  z
    .string()
    .max(max, { error: `At most ${max.toLocaleString('en')} characters.` })
    .transform((text) => cleanText(text).replace(/\r\n?/g, '\n').trim());

/** Everything about a page that an artist decides. Browser-safe. */
export const pageContent = z.strictObject({
  /** What the page is about; null: the artist alone, or nothing of the kind. */
  releaseId: id.nullable(),
  artistId: id.nullable(),
  /** '' : the release's title, or the artist's name. */
  title: line(300),
  /** A few words under the title; blank lines part paragraphs. */
  text: paragraph(1_000),
  parts: z
    .array(z.enum(pageParts))
    .max(pageParts.length)
    .transform((parts) => pageParts.filter((part) => parts.includes(part))),
  /** `artwork`: colours drawn from the cover; `plain`: paper and ink. */
  palette: z.enum(['artwork', 'plain']),
});
export type PageContent = z.output<typeof pageContent>;

/** Lower-case letters, digits and single hyphens, as it stands in `/p/{slug}`. */
export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const longestSlug = 60;

export const slug = z
  .string()
  .trim()
  .min(1, { error: 'A page needs an address.' })
  .max(longestSlug, { error: `At most ${longestSlug} characters.` })
  .regex(slugPattern, { error: 'Small letters, digits and single hyphens, such as midnight-ferry.' });

/** A first address for a title; '' where nothing of it can stand in one. */
export function slugFor(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return plain
    .replace(/ß/g, 'ss')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longestSlug)
    .replace(/-+$/, '');
}
