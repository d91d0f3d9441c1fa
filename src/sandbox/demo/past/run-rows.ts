import { newIdAt } from '#lib/ids.ts';
import { demo } from '../facts.ts';
import { hex, messageSid } from './fan-rows.ts';
import { keywords } from './facts.ts';
import type { Place } from './place.ts';
import type { Rows } from './rows.ts';
import { endOf, lastOf, type PastRun, type PastStep, type PastText } from './step.ts';

/** A run with its event, outcomes, texts and what they cost; `itemOf`: the item that a step still waits for. */
export function addRun(rows: Rows, place: Place, run: PastRun, itemOf: ReadonlyMap<PastStep, string>): void {
  const { projectId: project_id, smsConnectionId } = place;
  const { flowId, versionId } = place.flows[run.flow];
  const { fan, at } = run;
  const key = messageSid(run.eventId);
  rows.add('event_key', { project_id, source: smsConnectionId, key, event_id: run.eventId, created_at: at });
  rows.add('event', {
    project_id,
    id: run.eventId,
    type: 'sms.keyword',
    fan_id: fan.id,
    source: smsConnectionId,
    key,
    fingerprint: '',
    subject: subjectOf(place, run),
    result: { runs: [run.id], ignored: [], extra: {} },
    chain: [],
    occurred_at: at,
    accepted_at: at,
  });
  rows.add('run', {
    project_id,
    id: run.id,
    flow_id: flowId,
    flow_version_id: versionId,
    fan_id: fan.id,
    event_id: run.eventId,
    state: run.state,
    started_at: at,
    ended_at: run.endedAt,
  });
  for (const step of run.steps) {
    addOutcome(rows, place, run, step, itemOf.get(step) ?? null);
    if (step.text !== null) addText(rows, place, run, step, step.text);
  }
  addSegmentMember(rows, place, run);
}

export function subjectOf(place: Place, { flow, words }: PastRun) {
  return {
    keyword: keywords[flow],
    how: 'first',
    text: words,
    connectionId: place.smsConnectionId,
    sender: demo.number,
  };
}

function addOutcome(rows: Rows, place: Place, run: PastRun, step: PastStep, itemId: string | null): void {
  const { status, reason, at } = lastOf(step);
  const { text, open } = step;
  const isCharged = text !== null && text.state !== 'refused';
  rows.add('outcome', {
    project_id: place.projectId,
    run_id: run.id,
    position: step.position,
    service: step.service,
    status,
    reason,
    detail: step.detail,
    attempts: step.attempts,
    provider_id: text?.state === 'done' ? messageSid(text.id) : null,
    credits: isCharged ? text.parts : 0,
    started_at: step.history[0].at,
    ended_at: endOf(step),
    waiting_for:
      open === null || open.kind === 'save'
        ? null
        : { what: reason, until: open.kind === 'hold' ? open.until : null, deadlineAt: open.until },
    delivery: text?.delivery ?? null,
    item_id: itemId,
    is_mirror: false,
    history: step.history,
    updated_at: at,
  });
}

/** The intent behind a text, the row it is counted by, and its place in the ledger. */
function addText(rows: Rows, place: Place, run: PastRun, step: PastStep, text: PastText): void {
  const { projectId: project_id } = place;
  const { id, sentAt, parts, state, delivery } = text;
  const payload = {
    connectionId: place.smsConnectionId,
    from: demo.number,
    to: run.fan.number,
    body: text.body,
  };
  rows.add('intent', {
    project_id,
    id,
    work_id: run.id,
    run_id: run.id,
    position: step.position,
    service: step.service,
    fan_id: run.fan.id,
    effect: text.class === 'marketing' && step.position === 1 ? 'sms.remind' : 'sms.send',
    key: `${run.id}:${step.position}:${step.service}`,
    payload: hex(place.sealer.seal(JSON.stringify(payload))),
    attempt: 1,
    state,
    account: 'sms',
    credits: parts,
    provider_id: state === 'done' ? messageSid(id) : null,
    reason: state === 'done' ? null : step.detail,
    delivery: delivery === null ? null : { ...delivery, rank: delivery.status === 'delivered' ? 3 : 2 },
    created_at: sentAt,
    sent_at: sentAt,
    settled_at: sentAt,
  });
  const entry = { project_id, account: 'sms', period: periodOf(sentAt), intent_id: id, amount: parts };
  if (state !== 'unknown')
    rows.add('credit_entry', {
      ...entry,
      id: newIdAt(sentAt),
      kind: state === 'done' ? 'charge' : 'release',
      at: sentAt,
    });
  if (state === 'refused') return;
  rows.add('message', {
    project_id,
    id,
    fan_id: run.fan.id,
    channel: 'sms',
    address: run.fan.number,
    sender: demo.number,
    class: text.class,
    run_id: run.id,
    cause_id: run.eventId,
    parts,
    has_opt_out_wording: text.hasOptOutWording,
    sent_at: sentAt,
  });
}

export function periodOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

function addSegmentMember(rows: Rows, place: Place, run: PastRun): void {
  const adding = run.steps[run.steps.length - 2];
  if (adding === undefined || lastOf(adding).reason === 'already') return;
  rows.add('segment_member', {
    project_id: place.projectId,
    segment_id: place.segments[run.flow],
    fan_id: run.fan.id,
    added_at: run.at,
  });
}

/** Saves and follows, as the steps of her runs left them. */
export function addLibrary(
  rows: Rows,
  place: Place,
  runs: readonly PastRun[],
  itemOf: ReadonlyMap<PastStep, string>,
): void {
  const followed = new Set<string>();
  for (const { flow, fan, steps } of runs) {
    if (flow !== 'lanterns' && flow !== 'presave') continue;
    const [presave, follow] = steps;
    if (presave !== undefined) addSave(rows, place, place.releases[flow], fan.id, presave, itemOf);
    const done = follow?.history.find(({ status, reason }) => status === 'done' && reason === null);
    if (done === undefined || followed.has(fan.id)) continue;
    followed.add(fan.id);
    rows.add('followed', {
      project_id: place.projectId,
      fan_id: fan.id,
      artist_id: place.artistId,
      service: 'spotify',
      at: done.at,
    });
  }
}

const saveStates = new Set(['scheduled', 'verified', 'reminded']);

function addSave(
  rows: Rows,
  place: Place,
  release_id: string,
  fan_id: string,
  presave: PastStep,
  itemOf: ReadonlyMap<PastStep, string>,
): void {
  const { status, reason, at } = lastOf(presave);
  const isFailed = status === 'failed';
  if (!isFailed && (status !== 'done' || !saveStates.has(reason ?? ''))) return;
  const begun = presave.history.find((one) => one.status === 'done') ?? presave.history[0];
  rows.add('save', {
    project_id: place.projectId,
    fan_id,
    release_id,
    service: presave.service,
    state: isFailed ? 'failed' : reason,
    reason: isFailed ? reason : null,
    item_id: itemOf.get(presave) ?? null,
    created_at: begun.at,
    performed_at: reason === 'verified' ? at : null,
  });
}
