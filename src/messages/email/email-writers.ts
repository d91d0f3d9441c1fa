import { sql } from 'kysely';
import type { Writer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';
import { suppress } from './end-email.ts';

/** A provider refused an address as dead: it gets no further mail (R76). */
export const suppressAddresses: Writer = async (tx, projectId, rows) => {
  await suppress(
    tx,
    projectId,
    rows.map(({ row, fanId, now }) => ({
      fanId,
      address: textAt(row, 'address'),
      reason: 'hard_bounce' as const,
      detail: null,
      at: now,
    })),
  );
};

/** The first mail of a new domain begins its warm-up (R113); every other one only looks. */
export const noteFirstMails: Writer = async (tx, _projectId, rows) => {
  const [first] = rows;
  if (first === undefined) return;
  const ids = [...new Set(rows.map(({ row }) => textAt(row, 'connectionId')))].sort();
  await sql`
    insert into email_sender as e (connection_id, first_sent_at)
    select id, ${first.now} from unnest(${ids}::uuid[]) id
     where not exists (select 1 from email_sender k where k.connection_id = id and k.first_sent_at is not null)
     order by id
    on conflict (connection_id) do update set first_sent_at = coalesce(e.first_sent_at, excluded.first_sent_at)`.execute(
    tx,
  );
};
