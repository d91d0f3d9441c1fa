import type { JsonObject, Part } from '#engine/contract.ts';
import type { GrantFact } from '#fans/facts.ts';
import { someText } from '#lib/json.ts';
import { effectNames } from './effects.ts';
import { scheduledSave, type Scheduled } from './schedule.ts';
import type { Ready } from './services-of.ts';
import type { Target } from './target.ts';
import { skipPart } from './unmet.ts';
import type { ReleaseWork } from './works.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** "Until done": nothing in the domain lies this far ahead. */
const farFuture = new Date('9000-01-01T00:00:00.000Z');
/** Tries at the longest back-off that fill thirty days. */
const mostTries = 3_840;

/** In a library, or on its way there. */
const settledStates = new Set(['scheduled', 'verified', 'accepted', 'already']);

/** The rows of a pre-save and of adding to a library, where the fan's service is ready. */
export function releasePart(target: Target, release: ReleaseWork, outAt: Date, ready: Ready): Part {
  const { view, facts, actGates } = target;
  const { service } = ready.grant;
  const saved = facts.saves.find((one) => one.releaseId === release.id && one.service === service);
  const isOut = view.now >= outAt;
  const isSettled = saved !== undefined && settledStates.has(saved.state);
  if (isSettled && !(isOut && saved.state === 'scheduled')) {
    return { service, verdict: { kind: 'done', reason: 'already' }, gates: actGates };
  }
  if (isOut) return addNow(target, release, ready, giveUpAt(target));
  return promise(target, release, outAt, ready);
}

/** The library write itself; without the work's id on this service there is nothing to write. */
export function addNow(target: Target, release: ReleaseWork, ready: Ready, until: Date): Part {
  const { grant, lanes } = ready;
  const id = release.serviceIds.get(grant.service);
  if (id === undefined) {
    return skipPart(target, grant.service, 'unsupported', 'The release has no link on this service.');
  }
  const { runId, position, now } = target.view;
  const payload = {
    ...callTarget(grant, now),
    runId,
    position,
    releaseId: release.id,
    item: { kind: release.kind, id },
    ...causeOf(target),
  };
  return {
    service: grant.service,
    verdict: { kind: 'call', effect: effectNames.save, payload, lanes, giveUpAt: until },
    gates: target.actGates,
  };
}

/** Kept with the item that performs it. */
function causeOf({ view: { data } }: Target): JsonObject {
  const cause = someText(data, 'cause');
  return cause === null ? {} : { cause };
}

export function followPart(target: Target, artistId: string, ready: Ready): Part {
  const { view, facts, actGates } = target;
  const { grant, lanes } = ready;
  const { service } = grant;
  if (facts.followed.some((one) => one.artistId === artistId && one.service === service)) {
    return { service, verdict: { kind: 'done', reason: 'already' }, gates: actGates };
  }
  const artistServiceId = target.serviceIds.get(service);
  if (artistServiceId === undefined) {
    return skipPart(target, service, 'unsupported', 'The artist has no link on this service.');
  }
  const payload = { ...callTarget(grant, view.now), artistId, artistServiceId };
  return {
    service,
    verdict: { kind: 'call', effect: effectNames.follow, payload, lanes, giveUpAt: giveUpAt(target) },
    gates: actGates,
  };
}

/** R103: promised only on an authorisation that was seen alive within a day. */
function promise(target: Target, release: ReleaseWork, outAt: Date, { grant, lanes }: Ready): Part {
  const { view, facts, actGates, waitGates } = target;
  const scheduled: Scheduled = {
    releaseId: release.id,
    service: grant.service,
    dueAt: outAt.toISOString(),
    renewBy: grant.diesAt !== null && grant.diesAt <= outAt ? grant.diesAt.toISOString() : null,
    runId: view.runId,
    position: view.position,
    origin: originOf(target),
    // The save is the fan's: neither pause nor end of the flow touches it (R11).
    waitOn: waitGates.filter(({ key }) => !key.startsWith('flow:')).map((gate) => ({ ...gate })),
  };
  if (view.now.getTime() - grant.provenAt.getTime() < dayMs) {
    return {
      service: grant.service,
      verdict: { kind: 'done', ...scheduledSave(facts.fanId, scheduled) },
      gates: actGates,
    };
  }
  const payload = { ...callTarget(grant, view.now), scheduled };
  return {
    service: grant.service,
    verdict: { kind: 'call', effect: effectNames.probe, payload, lanes, giveUpAt: outAt },
    gates: actGates,
  };
}

/** What an event raised later has to carry to be known as this run's. */
function originOf({ view }: Target) {
  const { chain, rootEventId } = view.data;
  return { ...(chain === undefined ? {} : { chain }), ...(rootEventId === undefined ? {} : { rootEventId }) };
}

function callTarget({ service, connectionId, provenAt }: GrantFact, now: Date) {
  // One row write an hour is proof enough; a busy fan costs none.
  return { service, connectionId, isProof: now.getTime() - provenAt.getTime() >= hourMs };
}

function giveUpAt({ view, isPresave }: Target): Date {
  return isPresave || view.attempt < mostTries ? farFuture : view.now;
}

export { farFuture };
