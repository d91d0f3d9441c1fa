import { z } from 'zod';
import type { Connections } from '#connections/connections.ts';
import type { ReadBack } from '#connectors/connector.ts';
import type { EffectContext, EffectResult, ItemView, NewItem, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { newId } from '#lib/ids.ts';
import { isAlive } from './services-of.ts';
import { gatesOf } from './target.ts';

/** Looking whether an accepted save has come gives way to everything (`priority.bulk`). */
const bulk = 3;
/** A service that cannot be asked ends nothing: the next look is due long before. */
const farFuture = new Date('9000-01-01T00:00:00.000Z');

export const readBackKind = 'read-back';
export const readBackEffect = 'library.read-back';

/** What a save has to carry, so that whoever looks later speaks for the same step of the same run. */
export const savedStepSchema = z.object({
  runId: z.string().nullable(),
  position: z.number(),
  releaseId: z.string(),
  service: z.string(),
  item: z.object({ kind: z.enum(['album', 'track', 'playlist']), id: z.string() }),
});
export type SavedStep = z.infer<typeof savedStepSchema>;

const dataSchema = savedStepSchema.extend({
  savedAt: z.iso.datetime(),
  /** Counts from 0. */
  look: z.number(),
});
type Data = z.infer<typeof dataSchema>;

const payloadSchema = dataSchema.extend({ connectionId: z.string() });
export type ReadBackPayload = z.infer<typeof payloadSchema>;

/** R62: what an accepted save brings along: the item that looks into the library, and moves the outcome. */
export function firstLook(
  { fanId, now }: EffectContext,
  step: SavedStep,
  readBack: ReadBack,
): Pick<EffectResult, 'items' | 'tracks'> {
  return nextLook(fanId, { ...step, savedAt: now.toISOString(), look: 0 }, readBack) ?? {};
}

/** Null: that was the last look. */
function nextLook(fanId: string | null, data: Data, { afterMs }: ReadBack) {
  const after = afterMs[data.look];
  if (after === undefined) return null;
  const id = newId();
  const item: NewItem = {
    id,
    kind: readBackKind,
    fanId,
    runId: data.runId,
    position: data.position,
    service: data.service,
    priority: bulk,
    dueAt: new Date(new Date(data.savedAt).getTime() + after),
    promise: `${fanId ?? ''}:read-back:${data.releaseId}:${data.service}:${data.look}`,
    data,
  };
  return { items: [item], tracks: id };
}

/** Items of kind `read-back`. Where nobody can look any more, the save stays accepted. */
export async function evaluateReadBack(
  connections: Connections,
  view: ItemView,
  facts: FanFacts,
): Promise<Part[]> {
  const data = dataSchema.parse(view.data);
  const { service, releaseId } = data;
  const { actGates } = gatesOf(view, facts, []);
  const part = (verdict: Verdict): Part[] => [{ service, verdict, gates: actGates }];
  const stays = part({ kind: 'done', reason: 'accepted' });
  const save = facts.saves.find((one) => one.releaseId === releaseId && one.service === service);
  if (save?.state !== 'accepted') return stays;
  const grant = facts.grants.find((one) => one.service === service);
  if (grant === undefined || !isAlive(grant, view.now)) return stays;
  const { connectionId } = grant;
  const client = (await connections.find(connectionId))?.streaming;
  if (client?.readBack === undefined) return stays;
  const payload: ReadBackPayload = { ...data, connectionId };
  const lanes = [{ id: `app:${connectionId}`, cost: 1, rate: client.rate }];
  return part({ kind: 'call', effect: readBackEffect, payload, lanes, giveUpAt: farFuture });
}

/** One look: `verified`, or the next one; after the last the save stays `accepted` for good. */
export function look(
  { fanId }: EffectContext,
  payload: ReadBackPayload,
  readBack: ReadBack,
  isThere: boolean,
): EffectResult {
  const { releaseId, service } = payload;
  if (isThere) {
    const row = { releaseId, service, state: 'verified' };
    return { reason: 'verified', writes: [{ writer: 'save.mark', row }] };
  }
  const next = nextLook(fanId, dataSchema.parse({ ...payload, look: payload.look + 1 }), readBack);
  return next === null
    ? { reason: 'accepted', detail: 'The service took it, and never showed it in the library.' }
    : { reason: 'accepted', ...next };
}

export function readBackPayload(given: unknown): ReadBackPayload {
  return payloadSchema.parse(given);
}
