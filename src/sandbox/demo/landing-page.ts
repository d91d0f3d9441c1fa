import { transaction } from '#db/database.ts';
import { pageParts } from '#landing-pages/content.ts';
import { changeStoredPage, createStoredPage } from '#landing-pages/change-pages.ts';
import type { DemoDeps } from './ensure-demo.ts';

/** The page that the demo's posts point to: everything a fan can do, for the release that is next. */
export async function makeLandingPage(
  { flows: { db, clock } }: Pick<DemoDeps, 'flows'>,
  { projectId, releaseId, artistId, slug }: Record<'projectId' | 'releaseId' | 'artistId' | 'slug', string>,
): Promise<string> {
  const now = clock.now(projectId);
  const content = {
    releaseId,
    artistId,
    title: '',
    text: 'Nine songs written on the last boat home. Out soon, everywhere.',
    parts: [...pageParts],
    palette: 'artwork' as const,
  };
  return transaction(db, async (tx) => {
    const { id, version } = await createStoredPage(tx, projectId, { ...content, slug }, now);
    await changeStoredPage(tx, projectId, id, { version, isPublished: true }, now);
    return id;
  });
}
