import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { ReportedConnection } from './email-reports.ts';

/** What a sender is judged by: its last mails. */
export interface SenderRates {
  mails: number;
  complaints: number;
  bounces: number;
  /** Shares of 1, cautious while there are few mails. */
  complaintRate: number;
  bounceRate: number;
}

export const judgedMails = 1_000;

/** R113: shares at which people are told, and at which nothing more leaves. */
export const limits = {
  complaints: { warn: 0.001, pause: 0.003 },
  bounces: { warn: 0.02, pause: 0.05 },
} as const;

/** A single complaint among ten mails says little; five dead addresses among the first hundred say a lot. */
const fewestForComplaints = judgedMails;
const fewestForBounces = 100;

export async function readRates(db: Db, connection: ReportedConnection): Promise<SenderRates> {
  const { rows } = await sql<{ mails: number; complaints: number; bounces: number }>`
    with last as (
      select m.id from sender s
        join lateral (
          select id from message
           where sender = s.value and channel = 'email' and project_id = any(${[...connection.projectIds]})
             and sent_at > coalesce((select resumed_at from email_sender where connection_id = s.connection_id),
                                    '-infinity')
           order by sent_at desc limit ${judgedMails}) m on true
       where s.connection_id = ${connection.id} and s.kind = 'email')
    select count(distinct last.id)::int as mails,
           count(*) filter (where r.event = 'complaint')::int as complaints,
           count(*) filter (where r.event = 'hard_bounce')::int as bounces
      from last left join email_report r on r.message_id = last.id`.execute(db);
  const { mails = 0, complaints = 0, bounces = 0 } = rows[0] ?? {};
  return {
    mails,
    complaints,
    bounces,
    complaintRate: complaints / Math.max(mails, fewestForComplaints),
    bounceRate: bounces / Math.max(mails, fewestForBounces),
  };
}

export function pauseReason({ complaintRate, bounceRate }: SenderRates): 'complaints' | 'bounces' | null {
  if (complaintRate >= limits.complaints.pause) return 'complaints';
  return bounceRate >= limits.bounces.pause ? 'bounces' : null;
}

/** Pauses a sender whose readers complain, or whose addresses are dead. True: it was not paused before. */
export async function judgeSender(
  db: Db,
  connection: ReportedConnection,
  now: (projectId: string) => Date,
): Promise<boolean> {
  const reason = pauseReason(await readRates(db, connection));
  const [first] = connection.projectIds;
  if (reason === null || first === undefined) return false;
  return transaction(db, async (tx) => {
    const { rows } = await sql`
      insert into email_sender as e (connection_id, paused_at, paused_for)
      values (${connection.id}, ${now(first)}, ${reason})
      on conflict (connection_id) do update set paused_at = excluded.paused_at, paused_for = excluded.paused_for
        where e.paused_at is null
      returning connection_id`.execute(tx);
    if (rows.length === 0) return false;
    // What was looked at before it was paused is looked at anew before it leaves.
    for (const projectId of connection.projectIds.toSorted())
      await signal(tx, projectId, [{ key: gateKeys.project }]);
    return true;
  });
}
