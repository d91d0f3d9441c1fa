import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { endConsent, setHeld } from '#fans/consent-changes.ts';
import { readConsentStates } from '#fans/consent-state.ts';
import { UserError } from '#lib/errors.ts';
import { noDecisions } from './inbound/decisions.ts';
import { writeDecisions } from './inbound/write-decisions.ts';

/** What stands where the fan's own word would. */
const word = 'number passed on';

/**
 * A carrier gave the fan's number to somebody else. Her agreements to texts end and the number is hers no
 * more; all else stays hers. From the commit on no text goes there, and whoever texts from it next is
 * somebody new, to whom nothing of hers is shown or sent. A STOP of hers stays with the number until its new
 * owner agrees: who never asked for texts must not get one by mistake. 404, and 422 where she has no number,
 * so that a repeat says so.
 */
export async function passOnNumber(tx: Tx, projectId: string, fanId: string, now: Date): Promise<void> {
  const { rows } = await sql<{ value: string | null }>`
    select a.value from fan f
      left join address a on a.project_id = f.project_id and a.fan_id = f.id and a.channel = 'sms'
     where f.project_id = ${projectId} and f.id = ${fanId}`.execute(tx);
  if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such fan.');
  const numbers = rows.flatMap(({ value }) => value ?? []);
  if (numbers.length === 0) throw new UserError(422, 'invalid', 'This fan has no number.');
  const owners = new Map(numbers.map((number) => [number, fanId]));
  const states = await readConsentStates(tx, projectId, owners, { lock: true });
  const out = noDecisions();
  for (const state of states.values()) {
    endConsent(out.changes, state, word, now);
    setHeld(out.changes, state, false);
  }
  out.smsMoved.add(fanId);
  await writeDecisions(tx, projectId, out, now);
  await sql`
    delete from address
     where project_id = ${projectId} and channel = 'sms' and fan_id = ${fanId}`.execute(tx);
  // Where the number is registered was its owner's place.
  await sql`update fan set zip = null where project_id = ${projectId} and id = ${fanId}`.execute(tx);
}
