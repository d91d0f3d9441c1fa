import { setTimeout as wait } from 'node:timers/promises';
import type { FakeFault } from '../../connector.ts';

/** How a provider words its own troubles. */
export interface FaultWords {
  error: () => Response;
  rateLimited: () => Response;
}

/** The switches that break a fake on purpose (`Fake.setFault`), in the words of its provider. */
export interface Faults {
  set: (fault: FakeFault) => void;
  /** What happens to a call during `timeout` and `garbage`: done, with the answer lost, or not done. */
  setLostAnswer: (what: 'carried_out' | 'not_carried_out') => void;
  /** The fault that hits the next call, counted down. */
  take: () => FakeFault;
  /** Performs a call, or breaks it as the fault says. */
  answer: (request: Request, perform: () => Promise<Response>) => Promise<Response>;
}

export function createFaults(words: FaultWords): Faults {
  let fault: FakeFault = { mode: 'ok' };
  let lostAnswer: 'carried_out' | 'not_carried_out' = 'not_carried_out';

  function take(): FakeFault {
    const taken = fault;
    if (fault.mode !== 'ok' && fault.count !== undefined) {
      fault = fault.count > 1 ? { ...fault, count: fault.count - 1 } : { mode: 'ok' };
    }
    return taken;
  }

  return {
    set: (next) => void (fault = { ...next }),
    setLostAnswer: (what) => void (lostAnswer = what),
    take,
    async answer(request, perform) {
      const { mode, ms } = take();
      if (mode === 'slow') await pause(ms ?? 2_000, request.signal);
      if (mode === 'ok' || mode === 'slow') return perform();
      if (mode === 'error') return words.error();
      if (mode === 'rate_limited') return words.rateLimited();
      if (mode === 'down') return new Response('<h1>Service unavailable</h1>', { status: 503 });
      if (lostAnswer === 'carried_out') await perform();
      if (mode === 'garbage')
        return new Response('{"id": "', { headers: { 'content-type': 'application/json' } });
      await pause(ms ?? 30_000, request.signal);
      // For a caller that is still there: what a gateway says of a provider that did not answer it.
      return new Response('<h1>Gateway time-out</h1>', { status: 504 });
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // A caller that hangs up ends the wait; the answer then goes nowhere.
  await wait(ms, undefined, { signal, ref: false }).catch(() => {});
}
