import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { endConsent, optOut, setHeld } from '#fans/consent-changes.ts';
import { readConsentStates } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { UserError } from '#lib/errors.ts';
import { endEmail } from './email/end-email.ts';
import { noWrites, writeMessages } from './instagram/write-messages.ts';
import { noDecisions } from './inbound/decisions.ts';
import { writeDecisions } from './inbound/write-decisions.ts';

/** What stands where the fan's own word would: she said it at the merch table, or in a letter. */
export const byHand = 'by hand';

interface StoppedBy {
  actor: string;
  now: Date;
  /** What stands where her own word would; absent: `by hand`. */
  word?: string;
}

/**
 * A fan asked to be left alone in another way than by a text: that counts as much. Ends consent and
 * keeps the opt-out on all her addresses of the channel, in this project; nothing is sent to confirm
 * it. From the
 * commit on nothing leaves. Repeating it changes nothing. Only the fan
 * can take it back. Throws 404, and 422 where she has no such address.
 */
export async function stopByHand(
  tx: Tx,
  projectId: string,
  fanId: string,
  channel: 'sms' | 'email' | 'instagram',
  by: StoppedBy,
): Promise<void> {
  const { rows } = await sql<{ value: string | null }>`
    select a.value from fan f
      left join address a on a.project_id = f.project_id and a.fan_id = f.id and a.channel = ${channel}
     where f.project_id = ${projectId} and f.id = ${fanId}`.execute(tx);
  if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such fan.');
  const addresses = rows.flatMap(({ value }) => value ?? []);
  if (addresses.length === 0) {
    throw new UserError(422, 'invalid', 'This fan has no address that could be stopped.');
  }
  if (channel === 'sms') await stopTexts(tx, projectId, fanId, addresses, by);
  else if (channel === 'instagram') await stopDms(tx, projectId, fanId, addresses, by);
  else {
    const ended = addresses.map((address) => ({ fanId, address, word: by.word ?? byHand, at: by.now }));
    await endEmail(tx, projectId, ended);
  }
}

async function stopTexts(
  tx: Tx,
  projectId: string,
  fanId: string,
  addresses: readonly string[],
  { actor, now, word = byHand }: StoppedBy,
): Promise<void> {
  const numbers = new Map(addresses.map((address) => [address, fanId]));
  const states = await readConsentStates(tx, projectId, numbers, { lock: true });
  const out = noDecisions();
  for (const state of states.values()) {
    if (state.optedOutAt !== null) continue;
    endConsent(out.changes, state, word, now);
    optOut(out.changes, state, word, now);
    setHeld(out.changes, state, false);
    out.smsMoved.add(fanId);
  }
  // It answers every sentence of hers that waits (R41); the end of the hold would name her as who decided.
  await sql`
    update inbox_message
       set decision = 'opt_out', decided_at = ${now}, decided_by = ${actor}, done_at = coalesce(done_at, ${now}),
           read_at = coalesce(read_at, ${now})
     where project_id = ${projectId} and fan_id = ${fanId} and reason = 'doubt' and decided_at is null`.execute(
    tx,
  );
  await writeDecisions(tx, projectId, out, now);
}

/** R73: automatic messages end; what a person writes by hand does not. */
async function stopDms(
  tx: Tx,
  projectId: string,
  fanId: string,
  addresses: readonly string[],
  { now, word = byHand }: StoppedBy,
): Promise<void> {
  const optedOut = new Map(addresses.map((address) => [address, { word, at: now }]));
  await writeMessages(tx, projectId, { ...noWrites(), optedOut }, now);
  await signal(tx, projectId, [{ key: gateKeys.instagram(fanId) }]);
}
