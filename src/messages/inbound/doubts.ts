import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import { endConsent, optOut, setHeld } from '#fans/consent-changes.ts';
import { readConsentStates } from '#fans/consent-state.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import { cutText } from '#lib/clean-text.ts';
import { answer, noDecisions, plainText, type Case } from './decisions.ts';
import type { ReceivedText } from './inbound-text.ts';
import { writeDecisions } from './write-decisions.ts';

export const doubtDecidedType = 'sms.doubt_decided';

export type DoubtDecision = 'opt_out' | 'not_opt_out';

/** A doubtful text with what was made of it (R41). */
export interface DecidedDoubt {
  /** In the inbox of the project that it came to; null in the others that share its number. */
  messageId: string | null;
  decision: DoubtDecision;
  /** `person:…`, or `system` after five business days. */
  by: string;
  text: Omit<ReceivedText, 'at'>;
}

/** The entry of a decision. Its key is the text, so that it is decided once however often it is sent. */
export function doubtEntry(key: string, doubt: DecidedDoubt, now: Date): Entry {
  return {
    source: 'inbox',
    key,
    type: doubtDecidedType,
    fingerprint: doubt.decision,
    occurredAt: now,
    // As: plain JSON.
    payload: { doubt: { ...doubt, text: { ...doubt.text } } },
  };
}

/** As much of the fan's own words as proves an opt-out. */
const maxWord = 40;

/**
 * R41, R40: what a person made of a sentence that may mean STOP. It was one: consent ends in this commit,
 * and the confirmation is owed. It was none: what is held goes on, unless another sentence of the fan's
 * still waits. The fan's other open sentences fall with an opt-out.
 */
export async function admitDoubts(
  tx: Tx,
  projectId: string,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  // As: put there by `doubtEntry`.
  const doubts = entries.map(({ entry }) => entry.payload['doubt'] as unknown as DecidedDoubt);
  const numbers = doubts.map(({ text }) => text.from);
  const fans = await resolveFans(tx, projectId, 'sms', numbers, now);
  const states = await readConsentStates(tx, projectId, fans, { lock: true });
  const out = noDecisions();
  const admissions: Admission[] = [];
  for (const doubt of doubts) {
    const state = states.get(doubt.text.from);
    if (state === undefined) throw new Error('a fan was erased while her text was decided');
    const text = { ...doubt.text, at: now };
    const one: Case = { text, state, context: { now, acceptsKeyword: () => false }, out };
    await closeDoubts(tx, projectId, doubt, state.fanId, now);
    admissions.push(doubt.decision === 'opt_out' ? endTexts(one) : await release(tx, projectId, one));
  }
  await writeDecisions(tx, projectId, out, now);
  return admissions;
}

function endTexts(one: Case): Admission {
  const { text, state, out } = one;
  const word = cutText(text.body, maxWord);
  const hadConsent = state.live !== null;
  const isNews = hadConsent || state.optedOutAt === null;
  endConsent(out.changes, state, word, text.at);
  optOut(out.changes, state, word, text.at);
  setHeld(out.changes, state, false);
  out.smsMoved.add(state.fanId);
  return decided(one, 'opt_out', isNews && text.isAnswerer ? [answer(one, 'stop', hadConsent)] : []);
}

async function release(tx: Tx, projectId: string, one: Case): Promise<Admission> {
  const { state, out } = one;
  const { rows } = await sql`
    select 1 from inbox_message
     where project_id = ${projectId} and fan_id = ${state.fanId} and reason = 'doubt' and decided_at is null
     limit 1`.execute(tx);
  if (rows.length === 0 && setHeld(out.changes, state, false)) out.smsMoved.add(state.fanId);
  return decided(one, 'not_opt_out', []);
}

function decided(one: Case, decision: DoubtDecision, items: Admission['items']): Admission {
  const { subject, ...admission } = plainText(one, decision, [...(items ?? [])]);
  return { ...admission, type: doubtDecidedType, subject: { ...subject, text: one.text.body } };
}

async function closeDoubts(
  tx: Tx,
  projectId: string,
  { messageId, decision, by }: DecidedDoubt,
  fanId: string,
  now: Date,
): Promise<void> {
  // An opt-out answers every sentence of hers.
  const which = decision === 'opt_out' ? sql`fan_id = ${fanId}` : sql`id = ${messageId}::uuid`;
  await sql`
    update inbox_message
       set decision = ${decision}, decided_at = ${now}, decided_by = ${by}, done_at = coalesce(done_at, ${now}),
           read_at = coalesce(read_at, ${now})
     where project_id = ${projectId} and ${which} and reason = 'doubt' and decided_at is null`.execute(tx);
}
