import { sql } from 'kysely';
import type { Connection, Connections } from '#connections/connections.ts';
import type { EmailClient } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { transaction } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import type { ReadTxt } from '#lib/dns.ts';
import { UserError } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import { checkDomain, type DomainCheck } from './domain-checks.ts';
import { type EmailSenders, warmUpOf } from './email-senders.ts';
import { limits, readRates, type SenderRates } from './sender-health.ts';

export interface SenderDeskDeps {
  db: Db;
  connections: Connections;
  senders: EmailSenders;
  readTxt: ReadTxt;
  clock: DomainClock;
  wall: WallClock;
  log: Log;
}

export interface SenderView {
  connectionId: string;
  label: string;
  address: string;
  isLive: boolean;
  /** Null: nobody has looked yet, or, of a test connection, nobody will. */
  checks: DomainCheck[] | null;
  checkedAt: Date | null;
  isVerified: boolean;
  pausedAt: Date | null;
  pausedFor: string | null;
  rates: SenderRates;
  warnings: ('complaints' | 'bounces')[];
  warmUpPerDay: number | null;
  /** Mails that may leave a day for now; null: no limit. */
  dailyLimit: number | null;
}

/** What was proven at activation is proven for a while. */
const freshMs = 3_600_000;
/** R113: weekly; the job runs daily, so a little sooner. */
const dueMs = 6.5 * 24 * 3_600_000;

type EmailConnection = Connection & { email: EmailClient };

/** The desk for the addresses that mails come from: DNS, rates, pauses, warm-up (R113). */
export function createSenderDesk(deps: SenderDeskDeps) {
  const { db, connections, senders } = deps;

  async function ofProject(projectId: string): Promise<EmailConnection[]> {
    return (await connections.ofProject(projectId)).filter(
      (one): one is EmailConnection => one.email !== null,
    );
  }

  async function find(projectId: string, connectionId: string): Promise<EmailConnection> {
    const found = (await ofProject(projectId)).find(({ id }) => id === connectionId);
    if (found === undefined) throw new UserError(404, 'not_found', 'There is no such e-mail sender.');
    return found;
  }

  /** Asks the DNS and keeps what it said. Throws when it could not be asked. */
  async function check({ id, isLive, email }: EmailConnection): Promise<void> {
    // R104: a test connection reaches nobody, so there is nothing to prove.
    if (!isLive) return;
    const { address } = email.sender;
    const results = await checkDomain(deps.readTxt, email.sender);
    const isVerified = results.every(({ isOk }) => isOk);
    const checks = JSON.stringify({ address, results });
    await sql`
      insert into email_sender (connection_id, checks, is_verified, checked_at)
      values (${id}, ${checks}, ${isVerified}, ${deps.wall.now()})
      on conflict (connection_id) do update
        set checks = excluded.checks, is_verified = excluded.is_verified, checked_at = excluded.checked_at`.execute(
      db,
    );
    senders.forget(id);
  }

  /** One whose DNS is away keeps what was known. */
  async function checkQuietly(connection: EmailConnection): Promise<void> {
    await check(connection).catch((error: unknown) =>
      deps.log.warn({ err: error, connection: connection.id }, 'the DNS of a sender could not be asked'),
    );
  }

  async function view(projectId: string, connection: EmailConnection): Promise<SenderView> {
    const { id, label, isLive, email, projectIds } = connection;
    const { address } = email.sender;
    const row = await readRow(db, id);
    const isSame = row?.checks?.address === address;
    const rates = await readRates(db, { id, projectIds });
    const warmUp = {
      warmUpPerDay: row === undefined ? 200 : row.warmUpPerDay,
      firstSentAt: row?.firstSentAt ?? null,
    };
    return {
      connectionId: id,
      label,
      address,
      isLive,
      checks: isSame ? (row?.checks?.results ?? null) : null,
      checkedAt: isSame ? (row?.checkedAt ?? null) : null,
      isVerified: !isLive || (isSame && row.isVerified),
      pausedAt: row?.pausedAt ?? null,
      pausedFor: row?.pausedFor ?? null,
      rates,
      warnings: [
        ...(rates.complaintRate >= limits.complaints.warn ? (['complaints'] as const) : []),
        ...(rates.bounceRate >= limits.bounces.warn ? (['bounces'] as const) : []),
      ],
      warmUpPerDay: warmUp.warmUpPerDay,
      dailyLimit: isLive ? (warmUpOf(warmUp, deps.clock.now(projectId))?.count ?? null) : null,
    };
  }

  return {
    list: async (projectId: string) =>
      Promise.all((await ofProject(projectId)).map((one) => view(projectId, one))),
    async get(projectId: string, connectionId: string): Promise<SenderView> {
      return view(projectId, await find(projectId, connectionId));
    },
    /** On a person's word: throws 503 when the DNS is away. */
    async check(projectId: string, connectionId: string): Promise<void> {
      const connection = await find(projectId, connectionId);
      await check(connection).catch((error: unknown) => {
        deps.log.warn({ err: error, connection: connectionId }, 'the DNS of a sender could not be asked');
        throw new UserError(503, 'unavailable', 'The DNS does not answer. Try again in a minute.', {
          retryAfterSeconds: 60,
        });
      });
    },
    /** Before a flow starts: what was not proven within the hour. */
    async checkProject(projectId: string): Promise<void> {
      const since = new Date(deps.wall.now().getTime() - freshMs);
      for (const connection of await ofProject(projectId)) {
        const { isVerified, checkedAt } = await view(projectId, connection);
        if (!isVerified || checkedAt === null || checkedAt < since) await checkQuietly(connection);
      }
    },
    /** Every sender that nobody looked at for a week. */
    async checkDue(): Promise<void> {
      const before = new Date(deps.wall.now().getTime() - dueMs);
      const { rows } = await sql<{ id: string }>`
        select c.id from connection c join sender s on s.connection_id = c.id and s.kind = 'email'
          left join email_sender e on e.connection_id = c.id
         where c.is_live and c.state <> 'disabled' and (e.checked_at is null or e.checked_at < ${before})
         order by c.id`.execute(db);
      for (const { id } of rows) {
        const connection = await connections.find(id);
        if (connection?.email != null) await checkQuietly({ ...connection, email: connection.email });
      }
    },
    /** A person has looked: it sends again, and what was reported before is not held against it. */
    async resume(projectId: string, connectionId: string): Promise<void> {
      const { projectIds } = await find(projectId, connectionId);
      await transaction(db, async (tx) => {
        await sql`
          update email_sender set paused_at = null, paused_for = null, resumed_at = ${deps.clock.now(projectId)}
           where connection_id = ${connectionId} and paused_at is not null`.execute(tx);
        for (const id of projectIds.toSorted()) await signal(tx, id, [{ key: gateKeys.project }]);
      });
      senders.forget(connectionId);
    },
    async setWarmUp(projectId: string, connectionId: string, perDay: number | null): Promise<void> {
      await find(projectId, connectionId);
      await sql`
        insert into email_sender (connection_id, warm_up_per_day) values (${connectionId}, ${perDay})
        on conflict (connection_id) do update set warm_up_per_day = excluded.warm_up_per_day`.execute(db);
      senders.forget(connectionId);
    },
  };
}

export type SenderDesk = ReturnType<typeof createSenderDesk>;

interface Row {
  checks: { address: string; results: DomainCheck[] } | null;
  checkedAt: Date | null;
  isVerified: boolean;
  pausedAt: Date | null;
  pausedFor: string | null;
  warmUpPerDay: number | null;
  firstSentAt: Date | null;
}

async function readRow(db: Db, connectionId: string): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select checks, checked_at as "checkedAt", is_verified as "isVerified", paused_at as "pausedAt",
           paused_for as "pausedFor", warm_up_per_day as "warmUpPerDay", first_sent_at as "firstSentAt"
      from email_sender where connection_id = ${connectionId}`.execute(db);
  return rows[0];
}
