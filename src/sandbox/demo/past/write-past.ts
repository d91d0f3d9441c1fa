import { sql } from 'kysely';
import type { Tokens } from '#connectors/connector.ts';
import { transaction, type Tx } from '#db/database.ts';
import type { insertItems } from '#engine/insert-items.ts';
import type { makePartitions } from '#engine/partitions.ts';
import type { rollUpSince } from '#engine/rollups.ts';
import { getRelease } from '#releases/releases.ts';
import type { DemoDeps } from '../ensure-demo.ts';
import type { Once } from '../store.ts';
import { addFan } from './fan-rows.ts';
import { past } from './facts.ts';
import { addInbox } from './inbox.ts';
import { openItem, type OpenItem } from './open-items.ts';
import type { PastFan } from './people.ts';
import { Rows } from './rows.ts';
import { lanternsDay, setPlace } from './set-place.ts';
import { addLibrary, addRun, periodOf } from './run-rows.ts';
import { after, type PastStep } from './step.ts';
import { pastReleases } from './streaming.ts';
import { tellStory } from './story.ts';
import { writeRows } from './write-rows.ts';

/** What only the engine can do to its own tables. */
export interface EngineTables {
  makePartitions: typeof makePartitions;
  insertItems: typeof insertItems;
  rollUpSince: typeof rollUpSince;
}

export interface PastIds {
  projectId: string;
  artistId: string;
  releaseId: string;
  segmentId: string;
  flowId: string;
  smsConnectionId: string;
  streamingConnectionId: string;
  slug: string;
}

const dayMs = 24 * 3_600_000;

/**
 * Six weeks of fans, runs and everything they left, in one commit after the flows they ran in, so
 * that every page has something to show. What still waits (scheduled saves, promises, held runs) are
 * items of the engine like any others. Not to be repeated.
 */
export async function writePast(deps: DemoDeps, ids: PastIds, once: Once): Promise<void> {
  const { db, clock, publicUrl } = deps.flows;
  const { projectId } = ids;
  const now = clock.now(projectId);
  await deps.engine.makePartitions(db, after(now, -past.days * dayMs), 1);
  const place = await setPlace(deps, ids, now, once);
  const { releaseAt: ferry } = await getRelease(db, projectId, ids.releaseId);
  const outAt = { lanterns: lanternsDay(now), ferry };
  const { fans, runs } = tellStory({ now, publicUrl: publicUrl(), releases: pastReleases(now, outAt) });
  const tokens = await signInAll(deps, ids, fans);
  const open = new Map<PastStep, OpenItem>();
  for (const run of runs)
    for (const step of run.steps) {
      const item = openItem(place, run, step);
      if (item !== null) open.set(step, item);
    }
  const itemOf = new Map(
    [...open].flatMap(([step, { id, item }]) => (item.kind === 'run' ? [] : [[step, id] as const])),
  );
  const rows = new Rows();
  const runsOf = Map.groupBy(runs, (run) => run.fan);
  for (const fan of fans) addFan(rows, place, fan, runsOf.get(fan) ?? [], tokens.get(fan));
  for (const run of runs) addRun(rows, place, run, itemOf);
  for (const own of runsOf.values()) addLibrary(rows, place, own, itemOf);
  addInbox(rows, place, fans);
  await transaction(db, async (tx) => {
    await writeRows(tx, rows);
    await deps.engine.insertItems(
      tx,
      projectId,
      [...open.values()].map(({ item }) => item),
      null,
    );
    await writeReentry(tx, projectId);
    await writeBalances(tx, projectId, periodOf(now));
    await deps.engine.rollUpSince(tx, projectId, after(now, -(past.days + 2) * dayMs));
  });
}

/** Sign-ins at the fake for everybody whose link still lives. */
async function signInAll(
  { connections, fakes }: DemoDeps,
  { streamingConnectionId }: PastIds,
  fans: readonly PastFan[],
): Promise<Map<PastFan, Tokens>> {
  const oauth = (await connections.find(streamingConnectionId))?.streaming?.oauth;
  if (oauth === undefined) throw new Error('the streaming connection of the demo cannot be opened');
  const player = await fakes.open('spotify', streamingConnectionId);
  const scopes = oauth.scopesFor(['save-album', 'follow-artist']);
  const given = fans.flatMap((fan) =>
    fan.link === null || fan.link.end !== null ? [] : [{ fan, link: fan.link }],
  );
  const tokens = await Promise.all(
    given.map(async ({ fan, link }) => [fan, await player.issueGrant(link.user, scopes, link.at)] as const),
  );
  return new Map(tokens);
}

/** One row a flow and fan, from the runs themselves. */
async function writeReentry(tx: Tx, projectId: string): Promise<void> {
  await sql`
    insert into reentry (project_id, flow_id, fan_id, last_run_id, last_at, count)
    select project_id, flow_id, fan_id, (array_agg(id order by id desc))[1], max(started_at), count(*)
      from run where project_id = ${projectId} group by 1, 2, 3
    on conflict do nothing`.execute(tx);
}

/** The sums of the ledger, and what unknown texts keep reserved (R79). */
async function writeBalances(tx: Tx, projectId: string, period: string): Promise<void> {
  await sql`
    insert into credit_balance (project_id, account, period, used, reserved, allowance)
    select ${projectId}, 'sms', p.period,
           coalesce((select sum(amount) from credit_entry e
                      where e.project_id = ${projectId} and e.period = p.period and e.kind = 'charge'), 0),
           coalesce((select sum(credits) from intent i
                      where i.project_id = ${projectId} and i.state = 'unknown'
                        and to_char(i.sent_at at time zone 'UTC', 'YYYY-MM') = p.period), 0),
           null
      from (select period from credit_entry where project_id = ${projectId}
            union select ${period}
            union select to_char(sent_at at time zone 'UTC', 'YYYY-MM') from intent
                   where project_id = ${projectId}) p
    on conflict do nothing`.execute(tx);
}
