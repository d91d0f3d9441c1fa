import { setTimeout as wait } from 'node:timers/promises';
import type { FakeOptions } from '../../connector.ts';

/** How the network between an SMS fake and Segue behaves. */
export interface NetworkSwitches {
  /** Every webhook call is made twice. */
  duplicates: boolean;
  /** Later calls overtake earlier ones. */
  reorder: boolean;
  /** Nothing reaches Segue; what was to be said is lost, as after the provider's last attempt. */
  outage: boolean;
}

export type WebhookCall = Parameters<FakeOptions['deliver']>[0];

export interface NetworkOptions {
  deliver: FakeOptions['deliver'];
  /** How often the provider tries a call. */
  attempts: number;
  /** Which answers end its trying. */
  isTaken: (status: number) => boolean;
}

export interface FakeNetwork {
  readonly switches: NetworkSwitches;
  /** Makes one call, tried again as the provider does; the last answer's status, null for none. */
  call(make: (attempt: number) => WebhookCall): Promise<number | null>;
  /** With `reorder`: the first of two waits until the second was made. */
  overtaken<T>(send: () => Promise<T>): Promise<T>;
}

/** How long a call waits, with `reorder`, for a later one that may overtake it. */
const overtakeMs = 100;

export function createFakeNetwork({ deliver, attempts, isTaken }: NetworkOptions): FakeNetwork {
  const switches: NetworkSwitches = { duplicates: false, reorder: false, outage: false };
  let release: (() => void) | undefined;

  async function attempt(request: WebhookCall): Promise<number | null> {
    try {
      return (await deliver(request)).status;
    } catch {
      return null;
    }
  }

  return {
    switches,
    async call(make) {
      if (switches.outage) return null;
      let status: number | null = null;
      let tries = 0;
      while (tries < attempts && (status === null || !isTaken(status))) {
        tries += 1;
        status = await attempt(make(tries));
      }
      if (switches.duplicates) await attempt(make(tries));
      return status;
    },
    async overtaken(send) {
      if (!switches.reorder) return send();
      if (release !== undefined) {
        const letGo = release;
        release = undefined;
        try {
          return await send();
        } finally {
          letGo();
        }
      }
      const held = new Promise<void>((resolve) => (release = resolve));
      const mine = release;
      await Promise.race([held, wait(overtakeMs, undefined, { ref: false })]);
      if (release === mine) release = undefined;
      return send();
    },
  };
}
