import { sql } from 'kysely';
import type { DeliveryStatus, EmailReport } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { recordDeliveries, type DeliveryReport } from '../deliveries.ts';
import { endEmail, suppress } from './end-email.ts';
import { judgeSender } from './sender-health.ts';

export interface ReportedConnection {
  id: string;
  projectIds: readonly string[];
}

/** Words of those who end mails for a fan. */
const words = { complaint: 'a spam report', unsubscribed: 'the mail program' } as const;

/**
 * Keeps what a provider says became of mails, project by project. A dead address and a complaint
 * suppress it (R76), a complaint and an unsubscription end consent, all before anything else is
 * written; then the outcomes that people see, and how the sender stands (R113). Out of order, repeated,
 * of an address or a mail that nobody knows: no harm. `now` is the domain time of a project.
 */
export async function recordEmailReports(
  db: Db,
  connection: ReportedConnection,
  reports: readonly EmailReport[],
  now: (projectId: string) => Date,
): Promise<{ isPausedNow: boolean }> {
  for (const projectId of connection.projectIds) {
    // A report that names no project is about whoever has the address.
    const own = reports.filter(({ reference }) => reference === null || reference.projectId === projectId);
    if (own.length === 0) continue;
    await transaction(db, (tx) => endAndSuppress(tx, projectId, own, now(projectId)));
    await recordDeliveries(db, projectId, own.flatMap(toDelivery));
    await transaction(db, (tx) => keepReports(tx, projectId, own, now(projectId)));
  }
  const counts = reports.some(({ event }) => event === 'complaint' || event === 'hard_bounce');
  return { isPausedNow: counts && (await judgeSender(db, connection, now)) };
}

async function endAndSuppress(tx: Tx, projectId: string, reports: readonly EmailReport[], now: Date) {
  const fans = await fansOf(
    tx,
    projectId,
    reports.map(({ address }) => address),
  );
  const known = reports.flatMap((report) => {
    const fanId = fans.get(report.address);
    // A clock that was moved ahead: the provider's own goes by it too, or lies in the past.
    return fanId === undefined ? [] : [{ ...report, fanId, at: report.at > now ? now : report.at }];
  });
  await suppress(
    tx,
    projectId,
    known.flatMap(({ fanId, address, event, reason, at }) =>
      event === 'hard_bounce' || event === 'complaint'
        ? [{ fanId, address, reason: event, detail: reason, at }]
        : [],
    ),
  );
  await endEmail(
    tx,
    projectId,
    known.flatMap(({ fanId, address, event, at }) =>
      event === 'complaint' || event === 'unsubscribed' ? [{ fanId, address, word: words[event], at }] : [],
    ),
  );
}

async function fansOf(tx: Tx, projectId: string, addresses: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ value: string; fan_id: string }>`
    select value, fan_id from address
     where project_id = ${projectId} and channel = 'email' and value = any(${[...addresses]})`.execute(tx);
  return new Map(rows.map((row) => [row.value, row.fan_id]));
}

const statuses: Partial<Record<EmailReport['event'], DeliveryStatus>> = {
  delivered: 'delivered',
  soft_bounce: 'undelivered',
  hard_bounce: 'failed',
};

function toDelivery({ reference, event, providerId, reason, at }: EmailReport): DeliveryReport[] {
  const status = statuses[event];
  if (reference === null || status === undefined) return [];
  const delivery = { kind: 'delivery', providerId, status, at, reason, isOptOut: false } as const;
  return [{ intentId: reference.intentId, delivery }];
}

/** What senders are judged by: of mails that this project sent, each event once. */
async function keepReports(tx: Tx, projectId: string, reports: readonly EmailReport[], now: Date) {
  const rows = reports.flatMap(({ reference, event }) =>
    reference === null ? [] : [{ message_id: reference.intentId, event }],
  );
  if (rows.length === 0) return;
  await sql`
    insert into email_report (message_id, event, project_id, at)
    select r.message_id, r.event, m.project_id, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(message_id uuid, event text)
      join message m on m.project_id = ${projectId} and m.id = r.message_id and m.channel = 'email'
     order by r.message_id, r.event
    on conflict do nothing`.execute(tx);
}
