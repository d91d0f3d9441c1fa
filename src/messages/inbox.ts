import { type RawBuilder, sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { decodePlace, encodePlace } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { InboxMessage } from './contract.ts';
import { countryOf } from './number-country.ts';

type Rank = 'doubt' | 'rest';

/**
 * Texts that no flow answered: those that may mean STOP and wait for a decision first (R41), then the
 * rest, each newest first.
 */
export async function listInbox(
  db: Db,
  projectId: string,
  { cursor, limit, view }: { cursor: string | undefined; limit: number; view: 'open' | 'done' | 'all' },
): Promise<{ items: InboxMessage[]; nextCursor: string | null }> {
  const place = decodePlace(cursor, ({ rank, id }) => (rank === 'doubt' || rank === 'rest') && isId(id));
  const rows: (InboxMessage & { rank: Rank })[] = [];
  for (const rank of ['doubt', 'rest'] as const) {
    if (place?.rank === 'rest' && rank === 'doubt') continue;
    const before = place?.rank === rank ? place.id : null;
    const missing = limit + 1 - rows.length;
    if (missing > 0) {
      const found = await readMessages(db, projectId, [...wanted(rank, view), behind(before)], missing);
      rows.push(...found.map((row) => ({ ...row, rank })));
    }
  }
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodePlace(last) : null };
}

function wanted(rank: Rank, view: 'open' | 'done' | 'all'): RawBuilder<unknown>[] {
  const isDoubt = sql`m.reason = 'doubt' and m.decided_at is null`;
  const conditions = [rank === 'doubt' ? isDoubt : sql`not (${isDoubt})`];
  if (view === 'open') conditions.push(sql`m.done_at is null`);
  if (view === 'done') conditions.push(sql`m.done_at is not null`);
  return conditions;
}

function behind(id: string | null): RawBuilder<unknown> {
  return id === null ? sql`true` : sql`m.id < ${id}`;
}

/** Throws 404. */
export async function getInboxMessage(db: Db, projectId: string, messageId: string): Promise<InboxMessage> {
  const [message] = await readMessages(db, projectId, [sql`m.id = ${messageId}`], 1);
  if (message === undefined) throw new UserError(404, 'not_found', 'There is no such text.');
  return message;
}

async function readMessages(
  db: Db,
  projectId: string,
  conditions: readonly RawBuilder<unknown>[],
  limit: number,
): Promise<InboxMessage[]> {
  const { rows } = await sql<Omit<InboxMessage, 'country'>>`
    select m.id, m.fan_id as "fanId", f.name as "fanName", m.channel, m.from_address as "from",
           m.to_address as "to", m.body, m.reason, m.received_at as "receivedAt", m.read_at as "readAt",
           m.done_at as "doneAt", m.decision, m.decided_at as "decidedAt", m.decided_by as "decidedBy",
           coalesce(f.is_sms_held, false) as "isHeld",
           (select count(*)::int from waiting w
             where w.project_id = m.project_id and w.key = 'fan:' || m.fan_id || ':sms') as "waitingTexts"
      from inbox_message m
      left join fan f on f.project_id = m.project_id and f.id = m.fan_id
     where m.project_id = ${projectId} and ${sql.join(conditions, sql` and `)}
     order by m.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, country: row.channel === 'sms' ? countryOf(row.from) : null }));
}

/** More than this nobody counts. */
const maxCounted = 200;

/** Of the newest texts that are not done: how many nobody has read; and how many wait for a decision. */
export async function countInbox(db: Db, projectId: string): Promise<{ unread: number; doubts: number }> {
  const { rows } = await sql<{ unread: number; doubts: number }>`
    select (select count(*)::int from (
              select read_at from inbox_message where project_id = ${projectId} and done_at is null
               order by id desc limit ${maxCounted}) m where read_at is null) as unread,
           (select count(*)::int from (
              select 1 from inbox_message where project_id = ${projectId} and reason = 'doubt' and decided_at is null
               limit ${maxCounted}) m) as doubts`.execute(db);
  return rows[0] ?? { unread: 0, doubts: 0 };
}

/**
 * Marks a text as read or done, or not. One that waits for a decision is done by deciding (R41): 422.
 * Repeating is harmless.
 */
export async function markInboxMessage(
  tx: Tx,
  projectId: string,
  messageId: string,
  { isRead, isDone }: { isRead?: boolean | undefined; isDone?: boolean | undefined },
  now: Date,
): Promise<void> {
  const { reason, decision, readAt, doneAt } = await getInboxMessage(tx, projectId, messageId);
  if (isDone === true && reason === 'doubt' && decision === null) {
    const message = 'Say first whether this text was an opt-out.';
    throw new UserError(422, 'invalid', message, {
      errors: [{ path: 'isDone', code: 'undecided', message }],
      rule: 'R41',
    });
  }
  const moved = (to: boolean | undefined, before: unknown) =>
    to === undefined ? before : to ? (before ?? now) : null;
  await sql`
    update inbox_message
       set read_at = ${moved(isRead ?? (isDone === true ? true : undefined), readAt)}, done_at = ${moved(isDone, doneAt)}
     where project_id = ${projectId} and id = ${messageId}`.execute(tx);
}
