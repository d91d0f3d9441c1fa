import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { limits, readRates } from './sender-health.ts';

/** An address from which no mail leaves, or whose rates are close to that. */
export interface SenderTrouble {
  /** Of the connection. */
  id: string;
  address: string;
  trouble: 'paused' | 'not_verified' | 'complaints' | 'bounces';
}

interface Row {
  id: string;
  address: string;
  projectIds: string[];
  isPaused: boolean;
  isProven: boolean;
}

/** What is wrong with the addresses that a project's mails come from (R113); nothing: an empty list. */
export async function readSenderTroubles(db: Db, projectId: string): Promise<SenderTrouble[]> {
  const { rows } = await sql<Row>`
    select c.id, s.value as address, e.paused_at is not null as "isPaused",
           not c.is_live or coalesce(e.is_verified and e.checks->>'address' = s.value, false) as "isProven",
           array(select project_id from loan o where o.connection_id = c.id) as "projectIds"
      from loan l
      join connection c on c.id = l.connection_id and c.state <> 'disabled'
      join sender s on s.connection_id = c.id and s.kind = 'email'
      left join email_sender e on e.connection_id = c.id
     where l.project_id = ${projectId} order by c.created_at, c.id`.execute(db);
  const troubles = await Promise.all(
    rows.map(async (row) => {
      const trouble = await troubleOf(db, row);
      return trouble === null ? [] : [{ id: row.id, address: row.address, trouble }];
    }),
  );
  return troubles.flat();
}

async function troubleOf(db: Db, row: Row): Promise<SenderTrouble['trouble'] | null> {
  if (row.isPaused) return 'paused';
  if (!row.isProven) return 'not_verified';
  const { complaintRate, bounceRate } = await readRates(db, row);
  if (complaintRate >= limits.complaints.warn) return 'complaints';
  return bounceRate >= limits.bounces.warn ? 'bounces' : null;
}
