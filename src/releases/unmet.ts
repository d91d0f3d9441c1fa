import type { Part, Verdict } from '#engine/contract.ts';
import { hasConsent, type Target } from './target.ts';

/** Requirements that somebody can still meet. */
export type UnmetReason = 'not_connected' | 'needs_ok' | 'grant_dead';

/** The row's answer to a requirement that waits for the fan: defer, skip, or at the end a reminder. */
export function unmetPart(target: Target, service: string, reason: UnmetReason): Part {
  const { view, policy, deadlineAt, waitGates, actGates } = target;
  if (policy.onUnmet === 'skip') return part(service, { kind: 'skip', reason }, actGates);
  if (view.now < deadlineAt) {
    const promise = service === '' ? target.promise : `${target.promise}:${service}`;
    return part(service, { kind: 'defer', reason, deadlineAt, promise, waitingFor: reason }, waitGates);
  }
  const isReminded = target.isPresave && hasConsent(target.facts);
  return isReminded ? reminder(target, service) : part(service, { kind: 'skip', reason }, actGates);
}

/**
 * R63: the app may not serve this fan. The artist's own page first, then a reminder; null where
 * neither can be offered. Neither is a save.
 */
export function offerPart(target: Target, service: string): Part | null {
  const { release, facts, view } = target;
  if (release === null || view.now >= release.releaseAt) return null;
  if (release.countdownUrl !== null) return marked(target, service, 'handed_over');
  return hasConsent(facts) ? reminder(target, service) : null;
}

/** R102: it is followed by the item that sends it, where there is one. */
function reminder(target: Target, service: string): Part {
  const made = marked(target, service, 'reminder_set');
  const item = target.remind(service);
  if (item === null || made.verdict.kind !== 'done') return made;
  return { ...made, verdict: { ...made.verdict, items: [item], ...(item.id ? { tracks: item.id } : {}) } };
}

function marked(target: Target, service: string, state: 'handed_over' | 'reminder_set'): Part {
  const row = { releaseId: target.release?.id ?? '', service, state };
  return part(
    service,
    { kind: 'done', reason: state, writes: [{ writer: 'save.mark', row }] },
    target.actGates,
  );
}

export function skipPart(target: Target, service: string, reason: string, detail?: string): Part {
  const verdict: Verdict = { kind: 'skip', reason, ...(detail === undefined ? {} : { detail }) };
  return part(service, verdict, target.actGates);
}

function part(service: string, verdict: Verdict, gates: Part['gates']): Part {
  return { service, verdict, gates };
}
