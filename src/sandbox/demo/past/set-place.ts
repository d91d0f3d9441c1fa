import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { readGates } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { createSegment } from '#fans/segments.ts';
import { activateFlow } from '#flows/activate-flow.ts';
import type { FlowInput } from '#flows/contract.ts';
import { pauseFlow } from '#flows/pause-flow.ts';
import { createFlow } from '#flows/save-flow.ts';
import { createRelease } from '#releases/releases.ts';
import type { DemoDeps } from '../ensure-demo.ts';
import { releaseDay } from '../release-day.ts';
import type { Once } from '../store.ts';
import { past, pastFlows, type PastFlow } from './facts.ts';
import type { FlowPlace, Place } from './place.ts';
import { after } from './step.ts';
import type { PastIds } from './write-past.ts';

const actor = { actor: 'demo' };
const dayMs = 24 * 3_600_000;

/** Midnight where the artist lives, that many days ago. */
export function lanternsDay(now: Date): Date {
  return releaseDay(now, -past.album.outDaysAgo);
}

/** Everything that the past refers to, dated back to when it would have been made. */
export async function setPlace(deps: DemoDeps, ids: PastIds, now: Date, once: Once): Promise<Place> {
  const { db } = deps.flows;
  const { projectId, artistId, smsConnectionId, streamingConnectionId } = ids;
  const ago = (days: number) => after(now, -days * dayMs);
  const releaseId = await once('pastReleaseId', () => makeRelease(deps, ids, now));
  const segment = async (name: string, days: number) =>
    (await createSegment(db, projectId, { name }, ago(days + 1))).id;
  const tour = await once('tourSegmentId', () => segment(past.segments.tour, past.began.tour));
  const vinyl = await once('vinylSegmentId', () => segment(past.segments.vinyl, past.began.vinyl));
  const inputs = pastFlows(
    { connectionId: smsConnectionId, releaseId, artistId, newFans: ids.segmentId, tour, vinyl },
    `${deps.flows.publicUrl()}/p/${ids.slug}`,
  );
  const start = (flow: 'lanterns' | 'tour' | 'vinyl') =>
    startFlow(deps, projectId, inputs[flow], ago(past.began[flow] + 1));
  const flowIds: Record<PastFlow, string> = {
    lanterns: await once('lanternsFlowId', () => start('lanterns')),
    tour: await once('tourFlowId', () => start('tour')),
    vinyl: await once('vinylFlowId', () => start('vinyl')),
    presave: ids.flowId,
  };
  await once('isVinylPaused', async () => {
    const then = { ...deps.flows, clock: { now: () => after(now, -past.vinylPausedHoursAgo * 3_600_000) } };
    await pauseFlow(then, projectId, flowIds.vinyl, 'hold', actor);
    return true;
  });
  await backdate(db, ids, now);
  const keys = Object.values(flowIds).flatMap((id) => [gateKeys.flow(id), gateKeys.flowDeleted(id)]);
  return {
    projectId,
    now,
    smsConnectionId,
    streamingConnectionId,
    artistId,
    releases: { lanterns: releaseId, presave: ids.releaseId },
    segments: { lanterns: ids.segmentId, presave: ids.segmentId, tour, vinyl },
    flows: {
      lanterns: await flowPlace(db, projectId, flowIds.lanterns),
      tour: await flowPlace(db, projectId, flowIds.tour),
      vinyl: await flowPlace(db, projectId, flowIds.vinyl),
      presave: await flowPlace(db, projectId, flowIds.presave),
    },
    gates: await readGates(db, projectId, keys),
    sealer: deps.sealer,
  };
}

async function makeRelease(deps: DemoDeps, ids: PastIds, now: Date): Promise<string> {
  const outAt = lanternsDay(now);
  const player = await deps.fakes.open('spotify', ids.streamingConnectionId);
  await player.addWork({ ...past.album.spotify, releaseAt: outAt.toISOString() });
  const input = {
    title: past.album.title,
    artistId: ids.artistId,
    kind: 'album',
    releaseAt: outAt,
    services: [{ service: 'spotify', serviceId: past.album.spotify.id }],
  } as const;
  return (await createRelease(deps.flows.db, ids.projectId, input, after(now, -(past.days + 1) * dayMs))).id;
}

/** As if it had been drawn and turned on then. */
async function startFlow(deps: DemoDeps, projectId: string, input: FlowInput, at: Date): Promise<string> {
  const then = { ...deps.flows, clock: { now: () => at } };
  const { flowId } = await createFlow(then, projectId, input, actor);
  await activateFlow(then, projectId, flowId, actor);
  return flowId;
}

async function flowPlace(db: Db, projectId: string, flowId: string): Promise<FlowPlace> {
  const { rows } = await sql<{ versionId: string; text: string | null; words: string | null }>`
    select v.id as "versionId", c.text, c.version as words
      from flow f
      join flow_version v on v.project_id = f.project_id and v.flow_id = f.id and v.version = f.version
      left join call_to_action c on c.project_id = f.project_id and c.flow_id = f.id
     where f.project_id = ${projectId} and f.id = ${flowId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('a flow that was just started is there');
  const { versionId, text, words } = row;
  return { flowId, versionId, words: text === null || words === null ? null : { text, version: words } };
}

/** The flow of the first minutes and what it names are older than this start. */
async function backdate(db: Db, ids: PastIds, now: Date): Promise<void> {
  const { projectId, flowId } = ids;
  const began = after(now, -(past.began.presave + 1) * dayMs);
  const first = after(now, -(past.days + 2) * dayMs);
  await sql`update flow set created_at = ${began}, updated_at = ${began}
             where project_id = ${projectId} and id = ${flowId}`.execute(db);
  await sql`update flow_version set created_at = ${began}
             where project_id = ${projectId} and flow_id = ${flowId}`.execute(db);
  await sql`update call_to_action set published_at = ${began}
             where project_id = ${projectId} and flow_id = ${flowId}`.execute(db);
  await sql`update release set created_at = ${began}
             where project_id = ${projectId} and id = ${ids.releaseId}`.execute(db);
  await sql`update artist set created_at = ${first} where project_id = ${projectId}`.execute(db);
  await sql`update segment set created_at = ${first}
             where project_id = ${projectId} and id = ${ids.segmentId}`.execute(db);
  await sql`update project set created_at = ${first} where id = ${projectId}`.execute(db);
}
