import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { NewItem } from '#engine/contract.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { InsertItems } from '../works.ts';

export interface TellDayDeps {
  db: Db;
  clock: DomainClock;
  insertItems: InsertItems;
}

interface Open {
  projectId: string;
  releaseId: string;
  channel: 'sms' | 'email';
  releaseAt: Date;
  mode: 'global' | 'local';
  passes: number;
  toldThrough: string | null;
}

const hourMs = 3_600_000;
/** Where a day begins first and last, before and after it does in UTC. */
const firstZoneMs = 14 * hourMs;
const lastZoneMs = 12 * hourMs;
/** R47: what belongs to the day is no news after three. */
export const toldWithinMs = 72 * hourMs;
const chunk = 500;
/** Behind what fans do at the moment (`priority.bulk`). */
const bulk = 3;

/**
 * When a release with a message is out, every fan with a pre-save or a reminder for it gets one item a
 * channel, which waits for her own outcome (R110). A process that dies goes on where the last chunk was
 * committed. Where the release is out at each fan's midnight the fans are gone through before the first
 * and after the last, and who was told by then is not told again.
 */
export async function tellReleaseDay(deps: TellDayDeps): Promise<void> {
  for (const one of await openMessages(deps.db)) {
    const now = deps.clock.now(one.projectId).getTime();
    const at = one.releaseAt.getTime();
    const isLocal = one.mode === 'local';
    const due = !isLocal ? at : one.passes === 0 ? at - firstZoneMs : at + lastZoneMs;
    if (now < due) continue;
    const isLate = now > at + lastZoneMs + toldWithinMs;
    if (!isLate) await tellAll(deps, one);
    await endPass(deps.db, one, isLocal && !isLate ? one.passes + 1 : 2);
  }
}

async function openMessages(db: Db): Promise<Open[]> {
  const { rows } = await sql<Open>`
    select m.project_id as "projectId", m.release_id as "releaseId", m.channel, m.passes,
           m.told_through as "toldThrough", r.release_at as "releaseAt", r.release_mode as mode
      from release_message m join release r on r.project_id = m.project_id and r.id = m.release_id
     where m.passes < 2 and r.cancelled_at is null order by r.release_at`.execute(db);
  return rows;
}

async function endPass(db: Db, { projectId, releaseId, channel }: Open, passes: number): Promise<void> {
  await sql`
    update release_message set passes = ${passes}, told_through = null
     where project_id = ${projectId} and release_id = ${releaseId} and channel = ${channel}`.execute(db);
}

async function tellAll(deps: TellDayDeps, one: Open): Promise<void> {
  let after = one.toldThrough;
  for (;;) {
    const last = await transaction(deps.db, (tx) => tellChunk(deps, tx, one, after));
    if (last === null) return;
    after = last;
  }
}

/** Pre-saves and reminders only: what a fan added once it was out she knows. */
async function tellChunk(
  { clock, insertItems }: TellDayDeps,
  tx: Tx,
  { projectId, releaseId, channel, releaseAt }: Open,
  after: string | null,
): Promise<string | null> {
  const end = new Date(releaseAt.getTime() + lastZoneMs);
  const { rows } = await sql<{ id: string }>`
    select distinct fan_id as id from save
     where project_id = ${projectId} and release_id = ${releaseId} and created_at < ${end}
       and state in ('scheduled', 'verified', 'accepted', 'already', 'failed', 'reminder_set', 'reminded')
       and (${after}::uuid is null or fan_id > ${after}::uuid)
     order by fan_id limit ${chunk}`.execute(tx);
  const last = rows.at(-1);
  if (last === undefined) return null;
  const now = clock.now(projectId);
  const told = await sql<{ id: string }>`
    insert into release_told (project_id, release_id, channel, fan_id, at)
    select ${projectId}, ${releaseId}, ${channel}, id, ${now}
      from unnest(${rows.map(({ id }) => id)}::uuid[]) id order by id
    on conflict do nothing returning fan_id as id`.execute(tx);
  const items = told.rows.map(({ id: fanId }): NewItem => ({
    kind: 'send',
    fanId,
    priority: bulk,
    dueAt: now,
    data: { releaseDay: releaseId, channel },
  }));
  await insertItems(tx, projectId, items);
  await sql`
    update release_message set told_through = ${last.id}
     where project_id = ${projectId} and release_id = ${releaseId} and channel = ${channel}`.execute(tx);
  return last.id;
}
