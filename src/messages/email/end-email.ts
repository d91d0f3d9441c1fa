import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { lockFans } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { UserError } from '#lib/errors.ts';

/** Mails to this address end: the fan said so, or her mail program did for her. */
export interface EndedEmail {
  fanId: string;
  address: string;
  /** Who ended it: `the link`, `the mail program`, `a spam report`, `the provider`. */
  word: string;
  at: Date;
}

/**
 * Ends consent to mails and keeps the opt-out, which outlives everything (R42); mails under way see
 * it before they leave (R77). Repeating it changes nothing: the first moment counts.
 */
export async function endEmail(tx: Tx, projectId: string, ended: readonly EndedEmail[]): Promise<void> {
  if (ended.length === 0) return;
  const rows = JSON.stringify(byAddress(ended));
  await lockFans(
    tx,
    projectId,
    ended.map(({ fanId }) => fanId),
  );
  await sql`
    update consent c set revoked_at = e.at, revoked_by = e.word
      from json_to_recordset(${rows}::json) as e(address text, word text, at timestamptz)
     where c.project_id = ${projectId} and c.channel = 'email' and c.address = e.address
       and c.revoked_at is null and c.granted_at <= e.at`.execute(tx);
  await sql`
    insert into opt_out (project_id, channel, address, word, at)
    select ${projectId}, 'email', address, word, at
      from json_to_recordset(${rows}::json) as e(address text, word text, at timestamptz)
    on conflict (project_id, channel, address) do update
      -- One that is late does not undo a return.
      set word = excluded.word, at = excluded.at, cleared_at = null
      where opt_out.cleared_at < excluded.at`.execute(tx);
  await signalEmail(tx, projectId, ended);
}

export interface Suppressed {
  fanId: string | null;
  address: string;
  reason: 'hard_bounce' | 'complaint';
  /** The provider's words. */
  detail: string | null;
  at: Date;
}

/** R76: no mail of this project goes there any more. A complaint outweighs a bounce; a repeat changes nothing. */
export async function suppress(tx: Tx, projectId: string, found: readonly Suppressed[]): Promise<void> {
  if (found.length === 0) return;
  await sql`
    insert into suppression (project_id, address, reason, detail, at)
    select ${projectId}, address, reason, detail, at
      from json_to_recordset(${JSON.stringify(byAddress(found))}::json)
           as s(address text, reason text, detail text, at timestamptz)
    on conflict (project_id, address) do update
      set reason = excluded.reason, detail = excluded.detail, at = excluded.at
      where suppression.reason = 'hard_bounce' and excluded.reason = 'complaint'`.execute(tx);
  await signalEmail(tx, projectId, found);
}

/** A person says that the address lives after all. 404 where it is not suppressed; a complaint stays: 409. */
export async function liftSuppression(tx: Tx, projectId: string, address: string): Promise<void> {
  const { rows } = await sql<{ reason: string; fanId: string | null }>`
    select s.reason, a.fan_id as "fanId" from suppression s
      left join address a on a.project_id = s.project_id and a.channel = 'email' and a.value = s.address
     where s.project_id = ${projectId} and s.address = ${address} for no key update of s`.execute(tx);
  const [found] = rows;
  if (found === undefined) throw new UserError(404, 'not_found', 'This address gets mails as it is.');
  if (found.reason === 'complaint') {
    const why = 'Its reader called a mail spam: only she can ask for mails again.';
    throw new UserError(409, 'invalid', why, { rule: 'R76' });
  }
  await sql`
    delete from suppression where project_id = ${projectId} and address = ${address}`.execute(tx);
  await signalEmail(tx, projectId, rows);
}

/** One row an address, in its order: two transactions that meet wait for each other and no more. */
function byAddress<T extends { address: string }>(rows: readonly T[]): T[] {
  const first = new Map(rows.toReversed().map((row) => [row.address, row]));
  return [...first.values()].sort((a, b) => (a.address < b.address ? -1 : 1));
}

async function signalEmail(tx: Tx, projectId: string, rows: readonly { fanId: string | null }[]) {
  const fans = new Set(rows.flatMap(({ fanId }) => fanId ?? []));
  await signal(
    tx,
    projectId,
    [...fans].map((fanId) => ({ key: gateKeys.email(fanId) })),
  );
}
