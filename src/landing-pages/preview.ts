import { z } from 'zod';
import type { Sealer } from '#lib/seal.ts';
import { pageContent, type PageContent } from './content.ts';

const lifeMs = 60 * 60_000;

const sealed = z.object({
  projectId: z.string(),
  slug: z.string(),
  until: z.number(),
  content: pageContent,
});

/** What an address of a preview holds: whose page, how it would be, and until when it is shown. */
export function sealPreview(
  sealer: Pick<Sealer, 'seal'>,
  preview: { projectId: string; slug: string; content: PageContent },
  now: Date,
): string {
  return sealer.seal(JSON.stringify({ ...preview, until: now.getTime() + lifeMs })).toString('base64url');
}

/** Null: not one of ours, or of long ago. */
export function unsealPreview(sealer: Pick<Sealer, 'unseal'>, token: string, now: Date) {
  try {
    const preview = sealed.parse(JSON.parse(sealer.unseal(Buffer.from(token, 'base64url'))));
    return now.getTime() < preview.until ? preview : null;
  } catch {
    // Whatever was made up or cut off: there is no such preview.
    return null;
  }
}
