import type { FakeFault } from '../../connector.ts';
import { empty, html } from './answers.ts';

/** The provider's own words for being in trouble. */
export interface TroubleWords {
  rateLimited(path: string): Response;
  error(path: string): Response;
}

export interface Faults {
  set(next: FakeFault): void;
  /** The broken answer, or undefined when the call is to be served (late, with `slow`). */
  next(path: string): Promise<Response | undefined>;
}

/** Breaks a fake as often as told. */
export function createFaults(words: TroubleWords): Faults {
  let fault: FakeFault = { mode: 'ok' };
  let left = Infinity;

  return {
    set(next) {
      fault = next;
      left = next.count ?? Infinity;
    },
    async next(path) {
      const { mode, ms } = fault;
      if (mode === 'ok' || left <= 0) return undefined;
      left -= 1;
      if (mode === 'slow') return wait(ms ?? 3_000);
      if (mode === 'timeout') return wait(ms ?? 30_000);
      if (mode === 'rate_limited') return words.rateLimited(path);
      if (mode === 'garbage')
        return html('<!doctype html><title>Welcome</title><p>Please accept the terms of this network.</p>');
      return mode === 'down' ? empty(503) : words.error(path);
    },
  };
}

/** `timeout` is carried out in the end, as such calls often are: only nobody is there to hear it. */
function wait(ms: number): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), ms).unref();
  });
}
