import { createAccount, createApiKey, createProject } from '#accounts/create.ts';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { createSegment } from '#fans/segments.ts';
import { createArtist } from '#releases/artists.ts';
import { createRelease } from '#releases/releases.ts';
import type { Setting } from './history.ts';

const flowCount = 12;
const segmentCount = 10;
const dayMs = 24 * 60 * 60_000;

/** A project with flows, segments and releases, still without a fan; and a key that reads it. */
export async function makeSetting(
  db: Db,
): Promise<Setting & { accountId: string; slug: string; key: string }> {
  const { accountId } = await createAccount(db, { name: 'Bench' });
  const { projectId, slug } = await createProject(db, { accountId, name: 'Luna Vale', isLive: false });
  const { key } = await createApiKey(db, { projectId, name: 'bench', scopes: ['read', 'write'] });
  const now = new Date();
  const artistId = (await createArtist(db, projectId, { name: 'Luna Vale', services: [] }, now)).id;
  const releaseIds: string[] = [];
  for (const [at, title] of ['Nightglass', 'Harbour', 'Low Tide'].entries()) {
    const releaseAt = new Date(now.getTime() + (11 - at * 40) * dayMs);
    const release = { title, artistId, kind: 'album', releaseAt, services: [] } as const;
    releaseIds.push((await createRelease(db, projectId, release, now)).id);
  }
  const segmentIds: string[] = [];
  for (let at = 0; at < segmentCount; at++) {
    segmentIds.push((await createSegment(db, projectId, { name: `Segment ${at + 1}` }, now)).id);
  }
  const flows: Setting['flows'] = [];
  for (let at = 0; at < flowCount; at++) {
    const subject = { releaseId: releaseIds[at % 3] ?? '', artistId, segmentId: segmentIds[at % 10] ?? '' };
    flows.push(await insertFlow(db, projectId, at, subject));
  }
  return { accountId, projectId, slug, key, connectionId: newId(), flows, releaseIds, artistId, segmentIds };
}

/** As its activation left it. */
async function insertFlow(
  db: Db,
  projectId: string,
  at: number,
  { releaseId, artistId, segmentId }: { releaseId: string; artistId: string; segmentId: string },
): Promise<Setting['flows'][number]> {
  const [id, versionId] = [newId(), newId()];
  const now = new Date();
  const steps = [
    { step: 'presave', config: { releaseId } },
    { step: 'follow-artist', config: { artistId } },
    { step: 'add-to-segment', config: { segmentId } },
    { step: 'send-text', config: { body: 'tap to pre-save {{ release.title }} {{ links.connect }}' } },
  ].map((step) => ({ ...step, onUnmet: 'defer', stopOnFailure: false }));
  const config = { keywords: [`PRESAVE${at === 0 ? '' : at}`], match: 'first', mode: 'reply' };
  const state = at < 9 ? ('active' as const) : ('paused' as const);
  const flow = { project_id: projectId, id, name: `Flow ${at + 1}`, state, version: 1, active_version: 1 };
  await db
    .insertInto('flow')
    .values({ ...flow, created_at: now, updated_at: now })
    .execute();
  await db
    .insertInto('flow_version')
    .values({
      project_id: projectId,
      id: versionId,
      flow_id: id,
      version: 1,
      trigger: JSON.stringify({ trigger: 'keyword', config }),
      steps: JSON.stringify(steps),
      reentry: JSON.stringify({ policy: 'cooldown', seconds: 60 }),
      created_at: now,
    })
    .execute();
  return { id, versionId };
}
