import type { GateRead, Part, Verdict } from '#engine/contract.ts';
import { newId } from '#lib/ids.ts';

/** Later than every test. */
export const far = new Date('2099-01-01T00:00:00.000Z');

export function part(verdict: Verdict, gates: readonly GateRead[] = [], service = ''): Part {
  return { service, verdict, gates };
}

export const done = part({ kind: 'done' });

export function call(effect: string, change: Partial<Extract<Verdict, { kind: 'call' }>> = {}): Verdict {
  return { kind: 'call', effect, payload: { effect }, lanes: [], giveUpAt: far, ...change };
}

export function defer(change: Partial<Extract<Verdict, { kind: 'defer' }>> = {}): Verdict {
  return {
    kind: 'defer',
    reason: 'not_connected',
    deadlineAt: far,
    promise: newId(),
    waitingFor: 'link',
    ...change,
  };
}
