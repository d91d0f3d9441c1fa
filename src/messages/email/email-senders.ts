import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { EmailClient, LaneRate } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { LruCache } from '#lib/lru-cache.ts';

/** The address that a mail leaves from. */
export interface EmailSenderChoice {
  connection: Connection;
  client: EmailClient;
}

/** How a sender stands (R113). */
export interface SenderStanding {
  /** The DNS proved the domain; of a test connection nobody asks. */
  isVerified: boolean;
  isPaused: boolean;
  /** Mails that may leave in a day while its domain is new; null: as many as it likes. */
  warmUp: LaneRate | null;
}

export interface EmailSenders {
  /** At most a second old. */
  standing(connection: Connection, now: Date): Promise<SenderStanding>;
  /** Reads anew: after a change in this process. */
  forget(connectionId: string): void;
}

/** The connection that the step names, else the project's first. Null: there is none. */
export function chooseEmailSender(
  connections: readonly Connection[],
  connectionId: string | null,
): EmailSenderChoice | null {
  const senders = connections.flatMap((connection): EmailSenderChoice[] =>
    connection.email === null || connection.state === 'disabled'
      ? []
      : [{ connection, client: connection.email }],
  );
  if (connectionId === null) return senders[0] ?? null;
  return senders.find((one) => one.connection.id === connectionId) ?? null;
}

interface Row {
  isVerified: boolean;
  /** What the DNS was asked about: of another address it proves nothing. */
  checkedAddress: string | null;
  pausedAt: Date | null;
  warmUpPerDay: number | null;
  firstSentAt: Date | null;
}

const freshMs = 1_000;
const dayMs = 24 * 3_600_000;
/** From here on a domain is known. */
const warmDays = 10;

export function createEmailSenders(db: Db): EmailSenders {
  const cache = new LruCache<string, { readAtMs: number; row: Promise<Row> }>(1_000);
  const stale = new Set<string>();

  function read(connectionId: string): Promise<Row> {
    const nowMs = performance.now();
    const fresh = () => ({ readAtMs: nowMs, row: readRow(db, connectionId) });
    const known = cache.getOrMake(connectionId, fresh);
    if (nowMs - known.readAtMs > freshMs || stale.delete(connectionId)) Object.assign(known, fresh());
    // A failed read must not be the answer for a second.
    known.row.catch(() => stale.add(connectionId));
    return known.row;
  }

  return {
    async standing({ id, isLive, email }, now) {
      const row = await read(id);
      return {
        isVerified: !isLive || (row.isVerified && row.checkedAddress === email?.sender.address),
        isPaused: row.pausedAt !== null,
        warmUp: isLive ? warmUpOf(row, now) : null,
      };
    },
    forget: (connectionId) => void stale.add(connectionId),
  };
}

/** Twice as many each day since the first mail. */
export function warmUpOf(
  { warmUpPerDay, firstSentAt }: Pick<Row, 'warmUpPerDay' | 'firstSentAt'>,
  now: Date,
): LaneRate | null {
  if (warmUpPerDay === null) return null;
  const days = firstSentAt === null ? 0 : Math.floor((now.getTime() - firstSentAt.getTime()) / dayMs);
  if (days >= warmDays) return null;
  const count = warmUpPerDay * 2 ** Math.max(0, days);
  return { count, periodMs: dayMs, burst: count };
}

const unknown: Row = {
  isVerified: false,
  checkedAddress: null,
  pausedAt: null,
  warmUpPerDay: 200,
  firstSentAt: null,
};

async function readRow(db: Db, connectionId: string): Promise<Row> {
  const { rows } = await sql<Row>`
    select is_verified as "isVerified", checks->>'address' as "checkedAddress", paused_at as "pausedAt", warm_up_per_day as "warmUpPerDay",
           first_sent_at as "firstSentAt"
      from email_sender where connection_id = ${connectionId}`.execute(db);
  return rows[0] ?? unknown;
}
