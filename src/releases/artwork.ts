import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { artworkWidths, encodeArtwork } from './encode-artwork.ts';

export interface Artwork {
  /** `#rrggbb`. */
  colour: string;
  /** Addresses on this host, smallest first. */
  images: { width: number; url: string }[];
}

/** As a release's row names it; null: no cover was uploaded. */
export function artworkOf(token: string | null, colour: string | null): Artwork | null {
  if (token === null) return null;
  const images = artworkWidths.map((width) => ({ width, url: `/artwork/${token}/${width}.jpg` }));
  return { colour: colour ?? '#808080', images };
}

/**
 * Makes an uploaded picture the cover of a release (R122); the one before is gone. 404 where the project
 * has no such release, 422 where it is no picture.
 */
export async function setArtwork(
  db: Db,
  projectId: string,
  releaseId: string,
  upload: Buffer,
  now: Date,
): Promise<void> {
  const { images, colour } = await encodeArtwork(upload);
  const token = randomBytes(16).toString('base64url');
  await transaction(db, async (tx) => {
    await replaceArtwork(tx, projectId, releaseId, { token, colour });
    for (const { width, bytes } of images) {
      await tx
        .insertInto('artwork')
        .values({ token, width, project_id: projectId, release_id: releaseId, bytes, created_at: now })
        .execute();
    }
  });
}

/** Repeating is harmless; 404 where the project has no such release. */
export async function removeArtwork(db: Db, projectId: string, releaseId: string): Promise<void> {
  await transaction(db, (tx) => replaceArtwork(tx, projectId, releaseId, { token: null, colour: null }));
}

async function replaceArtwork(
  tx: Tx,
  projectId: string,
  releaseId: string,
  { token, colour }: { token: string | null; colour: string | null },
): Promise<void> {
  const { rows } = await sql`
    update release set artwork = ${token}, artwork_colour = ${colour}
     where project_id = ${projectId} and id = ${releaseId} returning id`.execute(tx);
  if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such release.');
  await sql`delete from artwork where project_id = ${projectId} and release_id = ${releaseId}`.execute(tx);
}

/** A JPEG; undefined: nothing is behind this address, or no longer. */
export async function findArtworkImage(db: Db, token: string, width: number): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('artwork')
    .select('bytes')
    .where('token', '=', token)
    .where('width', '=', width)
    .executeTakeFirst();
  return row?.bytes;
}
