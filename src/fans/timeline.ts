import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { decodePlace, encodePlace, type Place } from '#lib/cursor.ts';
import type { Sealer } from '#lib/seal.ts';
import type { Moment } from './contract.ts';
import { timelineSources } from './timeline-sources.ts';

export interface TimelineDeps {
  db: Db;
  /** Opens what was sent. */
  sealer: Pick<Sealer, 'unseal'>;
}

interface MomentRow {
  /** Which of the fan's moments it is: its kind's rank, kind and id. */
  key: string;
  at: Date;
  kind: string;
  data: Record<string, unknown>;
}

/** What happens in one moment is told as one causes the other: her text, what it gave, what came of it. */
const causes: readonly Moment['kind'][] = [
  'event',
  'inbox',
  'opted_back_in',
  'consent',
  'allowed',
  'opt_out',
  'consent_ended',
  'block',
  'linked',
  'run',
  'segment',
  'save',
  'followed',
  'message',
];
const keyOfMoment = sql`
  chr(96 + array_position(array[${sql.join(causes)}]::text[], m.kind)) || ' ' || m.kind || ' ' || m.id`;

/**
 * All that happened with a fan as one list, newest first: each source gives at most a page of its own
 * rows, by indexes that begin with the fan, so that the length of her history does not matter.
 */
export async function readTimeline(
  { db, sealer }: TimelineDeps,
  projectId: string,
  fanId: string,
  { cursor, limit }: { cursor: string | undefined; limit: number },
): Promise<{ items: Moment[]; nextCursor: string | null }> {
  const place = decodePlace(cursor, isMoment);
  const rows = await readMoments(db, projectId, fanId, place, limit + 1);
  const shown = rows.slice(0, limit);
  const bodies = await readBodies(db, sealer, projectId, shown);
  const last = shown.at(-1);
  return {
    items: shown.map(({ key, kind, at, data }) => toMoment(kind, at, { ...data, ...bodies.get(key) })),
    nextCursor:
      rows.length > limit && last !== undefined
        ? encodePlace({ rank: last.at.toISOString(), id: last.key })
        : null,
  };
}

function isMoment({ rank }: Place): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(rank) && !Number.isNaN(Date.parse(rank));
}

async function readMoments(
  db: Db,
  projectId: string,
  fanId: string,
  place: Place | null,
  limit: number,
): Promise<MomentRow[]> {
  // Cut to milliseconds, as the cursor is.
  const after =
    place === null
      ? sql`true`
      : sql`(date_trunc('milliseconds', m.at), ${keyOfMoment}) < (${place.rank}::timestamptz, ${place.id})`;
  const parts = timelineSources(projectId, fanId).map(
    (source) => sql`(
      select * from (${source}) m where ${after}
       order by date_trunc('milliseconds', m.at) desc, ${keyOfMoment} desc limit ${limit})`,
  );
  const { rows } = await sql<MomentRow>`
    select ${keyOfMoment} as key, date_trunc('milliseconds', at) as at, kind, data
      from (${sql.join(parts, sql` union all `)}) m
     order by 2 desc, 1 desc limit ${limit}`.execute(db);
  return rows;
}

/** What the messages of a page said: sealed with their intents, where these are still kept. */
async function readBodies(
  db: Db,
  sealer: Pick<Sealer, 'unseal'>,
  projectId: string,
  rows: readonly MomentRow[],
): Promise<Map<string, { body: string | null }>> {
  const keys = new Map(
    rows.flatMap(({ kind, key, data }) => (kind === 'message' ? [[String(data['id']), key]] : [])),
  );
  if (keys.size === 0) return new Map();
  const { rows: sealed } = await sql<{ id: string; payload: Buffer }>`
    select id, payload from intent where project_id = ${projectId} and id = any(${[...keys.keys()]})`.execute(
    db,
  );
  return new Map(sealed.map(({ id, payload }) => [keys.get(id) ?? id, { body: bodyOf(sealer, payload) }]));
}

function bodyOf(sealer: Pick<Sealer, 'unseal'>, payload: Buffer): string | null {
  try {
    const { body } = JSON.parse(sealer.unseal(payload)) as { body?: unknown }; // we sealed an object
    return typeof body === 'string' ? body : null;
  } catch {
    // Sealed with a key that is no longer here: the rest of the history is worth showing.
    return null;
  }
}

function toMoment(kind: string, at: Date, data: Record<string, unknown>): Moment {
  // As: each source selects what its kind has; the response schema checks it.
  return { kind, at, ...data } as unknown as Moment;
}
