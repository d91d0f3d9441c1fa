import { priority, type JsonObject, type NewItem } from '#engine/contract.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newIdAt } from '#lib/ids.ts';
import { scheduledSave } from '#releases/schedule.ts';
import { demo } from '../facts.ts';
import type { Place } from './place.ts';
import { subjectOf } from './run-rows.ts';
import { lastOf, type PastRun, type PastStep } from './step.ts';

export interface OpenItem {
  id: string;
  item: NewItem;
}

/** What a step of the past still has before it, as the engine itself would have left it. */
export function openItem(place: Place, run: PastRun, step: PastStep): OpenItem | null {
  if (step.open === null) return null;
  if (step.open.kind === 'save') return saveItem(place, run, step, step.open.until);
  if (step.open.kind === 'hold') return heldRun(place, run, step, step.open.until);
  return promiseItem(place, run, step, step.open.until);
}

function dataOf(place: Place, run: PastRun): JsonObject {
  const { smsConnectionId: connectionId } = place;
  return {
    reply: { connectionId, sender: demo.number, address: run.fan.number },
    event: {
      id: run.eventId,
      type: 'sms.keyword',
      at: run.at.toISOString(),
      subject: subjectOf(place, run),
    },
    ...originOf(place, run),
    again: false,
  };
}

function originOf(place: Place, run: PastRun): JsonObject {
  return { rootEventId: run.eventId, chain: [place.flows[run.flow].flowId] };
}

function gateOf(place: Place, key: string) {
  return place.gates.get(key) ?? { key, seq: 0, closed: false };
}

function saveItem(place: Place, run: PastRun, step: PastStep, dueAt: Date): OpenItem | null {
  const releaseId = place.releases[run.flow === 'lanterns' ? 'lanterns' : 'presave'];
  const gates = [gateKeys.streaming(run.fan.id), gateKeys.release(releaseId)];
  const { items = [] } = scheduledSave(run.fan.id, {
    releaseId,
    service: step.service,
    dueAt: dueAt.toISOString(),
    renewBy: null,
    runId: run.id,
    position: step.position,
    origin: originOf(place, run),
    waitOn: gates.map((key) => gateOf(place, key)),
  });
  const [item] = items;
  return item?.id === undefined ? null : { id: item.id, item };
}

function promiseItem(place: Place, run: PastRun, step: PastStep, deadlineAt: Date): OpenItem {
  const { flowId, versionId } = place.flows[run.flow];
  const fanId = run.fan.id;
  const releaseId = place.releases[run.flow === 'lanterns' ? 'lanterns' : 'presave'];
  const isPresave = step.position === 1;
  const wish = isPresave ? `presave:${releaseId}` : `follow:${place.artistId}`;
  const gates = [
    gateKeys.streaming(fanId),
    gateKeys.flowDeleted(flowId),
    ...(isPresave ? [gateKeys.release(releaseId)] : []),
  ];
  const id = newIdAt(run.at);
  const item: NewItem = {
    id,
    kind: 'step',
    fanId,
    flowId,
    flowVersionId: versionId,
    runId: run.id,
    position: step.position,
    service: step.service,
    priority: priority.reply,
    dueAt: deadlineAt,
    deadlineAt,
    promise: `${fanId}:${wish}${step.service === '' ? '' : `:${step.service}`}`,
    waitOn: gates.map((key) => gateOf(place, key)),
    data: dataOf(place, run),
  };
  return { id, item };
}

function heldRun(place: Place, run: PastRun, step: PastStep, dueAt: Date): OpenItem {
  const { flowId, versionId } = place.flows[run.flow];
  const item: NewItem = {
    id: run.id,
    kind: 'run',
    fanId: run.fan.id,
    flowId,
    flowVersionId: versionId,
    runId: run.id,
    position: step.position,
    priority: priority.reply,
    dueAt,
    waitOn: [gateOf(place, gateKeys.flow(flowId))],
    data: { ...dataOf(place, run), engine: { heldSince: lastOf(step).at.toISOString() } },
  };
  return { id: run.id, item };
}
