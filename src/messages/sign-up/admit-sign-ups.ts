import { sql } from 'kysely';
import type { Connection, Connections } from '#connections/connections.ts';
import type { Tx } from '#db/database.ts';
import { type Admission, type Entry, type NewItem, priority } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { giveConsent, noChanges, type ConsentChanges } from '#fans/consent-changes.ts';
import { readConsentStates, writeConsentChanges, type ConsentState } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import type { AnswerData } from '../inbound/decisions.ts';
import { chooseSender } from '../outbound/sender.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import { admitEmailSignUps } from './admit-email-sign-ups.ts';
import { signUpTypes, type SignUpPayload } from './sign-up.ts';

/** From then on nobody waits for it any more. */
const lateMs = 60 * 60_000;
/** R39: a flow's text may carry the confirmation for ten seconds; then it goes alone. */
const rideMs = 10_000;

export function signUpOf({ payload }: Pick<Entry, 'payload'>): SignUpPayload {
  return payload['signUp'] as unknown as SignUpPayload; // put there by sign-up.ts
}

/** Admits sign-ups by form, inside the accepting transaction; each channel's as one batch. */
export async function admitSignUps(
  tx: Tx,
  { connections, locate }: { connections: Connections; locate: LocateNumber },
  projectId: string,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const forms = entries.map(({ entry }) => signUpOf(entry));
  const lent = await connections.ofProject(projectId);
  const texts = await admitTextSignUps(
    tx,
    { projectId, now, lent, locate },
    forms.filter(({ channel }) => channel === 'sms'),
  );
  const mails = await admitEmailSignUps(
    tx,
    projectId,
    forms.filter(({ channel }) => channel === 'email'),
    now,
  );
  const waiting = { sms: texts, email: mails };
  return forms.map(({ channel }) => {
    const admission = waiting[channel].shift();
    if (admission === undefined) throw new Error('each form has its admission');
    return admission;
  });
}

interface Place {
  projectId: string;
  now: Date;
  /** The project's connections: a confirmation comes from the fan's own country where it can. */
  lent: readonly Connection[];
  locate: LocateNumber;
}

/**
 * A number that was typed proves nothing about who typed it. Where the country asks for more, or the number
 * once said STOP, the consent waits for the fan's own yes (R37, R42, R97); a living one stays as it is, and a
 * pending one has had its one request. None of this can be told from the answer.
 */
async function admitTextSignUps(tx: Tx, place: Place, forms: readonly SignUpPayload[]): Promise<Admission[]> {
  if (forms.length === 0) return [];
  const { projectId, now } = place;
  const numbers = await resolveFans(
    tx,
    projectId,
    'sms',
    forms.map(({ address }) => address),
    now,
  );
  const states = await readConsentStates(tx, projectId, numbers, { lock: true });
  const changes = noChanges();
  const moved = new Set<string>();
  const admissions = forms.map((form): Admission => {
    const state = states.get(form.address);
    if (state === undefined) throw new Error('a fan was erased while she signed up');
    const admission = decide(place, form, state, changes);
    if (admission.items?.length || admission.raises?.length) moved.add(state.fanId);
    return { ...admission, items: [...(admission.items ?? []), ...reminders(form, state.fanId, now)] };
  });
  await writeConsentChanges(tx, projectId, changes);
  await noteLanguages(tx, projectId, forms, numbers);
  await signal(
    tx,
    projectId,
    [...moved].map((fanId) => ({ key: gateKeys.sms(fanId) })),
  );
  return admissions;
}

function decide(place: Place, form: SignUpPayload, state: ConsentState, changes: ConsentChanges): Admission {
  const { now } = place;
  const subject = { source: 'page', page: form.source['page'] ?? null };
  const admission: Admission = { fanId: state.fanId, type: signUpTypes.sms, subject, candidates: [] };
  if (state.live !== null && (state.live.activeAt !== null || form.isDouble)) return admission;
  const hasStopped = state.optedOutAt !== null;
  const isPending = form.isDouble || hasStopped;
  if (state.live !== null && isPending) return admission;
  const { text, version: textVersion, perMonth, source } = form;
  giveConsent(changes, state, { text, textVersion, perMonth, method: 'web', source }, now, { isPending });
  // To who said STOP nothing goes: her START or YES, and no stranger's form, brings her back (R42).
  if (hasStopped) return admission;
  if (isPending) return { ...admission, items: answers(place, 'request', state, 0) };
  return {
    ...admission,
    items: answers(place, 'confirm', state, rideMs),
    raises: [{ type: 'sms.opted_in', subject: { source: 'page' } }],
  };
}

function answers(
  { lent, locate, now }: Place,
  kind: 'request' | 'confirm',
  { fanId, address, live }: ConsentState,
  waitMs: number,
): NewItem[] {
  const wanted = { connectionId: null, repliesFrom: null, address, textedFrom: null };
  const sender = chooseSender(lent, wanted, locate);
  if (sender === null) return [];
  const data: AnswerData = {
    answer: kind,
    connectionId: sender.connectionId,
    sender: sender.number,
    address,
    at: now.toISOString(),
    giveUpAt: new Date(now.getTime() + lateMs).toISOString(),
    isSharedSender: false,
    isOwed: false,
  };
  const dueAt = new Date(now.getTime() + waitMs);
  const promise = `${kind}:${live?.id ?? ''}`;
  return [{ kind: 'send', fanId, priority: priority.compliance, dueAt, promise, data }];
}

/** R102: kept for the day; whether there is a consent by then is asked then. */
function reminders({ remind }: SignUpPayload, fanId: string, now: Date): NewItem[] {
  if (remind === null) return [];
  const outAt = new Date(remind.outAt);
  if (outAt <= now) return [];
  const { releaseId } = remind;
  const promise = `${fanId}:remind:${releaseId}`;
  return [
    { kind: 'send', fanId, priority: priority.flow, dueAt: outAt, promise, data: { remind: releaseId } },
  ];
}

async function noteLanguages(
  tx: Tx,
  projectId: string,
  forms: readonly SignUpPayload[],
  numbers: ReadonlyMap<string, string>,
): Promise<void> {
  const rows = forms.map(({ address, language }) => ({ id: numbers.get(address), language }));
  await sql`
    update fan f set language = n.language
      from (select distinct on (id) id, language
              from json_to_recordset(${JSON.stringify(rows)}::json) as n(id uuid, language text) order by id) n
     where f.project_id = ${projectId} and f.id = n.id and f.language is null`.execute(tx);
}
