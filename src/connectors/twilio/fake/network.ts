import { randomUUID } from 'node:crypto';
import type { FakeOptions } from '../../connector.ts';
import { signTwilioForm } from '../signature.ts';

/** How the network between the fake and Segue behaves. */
export interface NetworkSwitches {
  /** Every webhook call is made twice. */
  duplicates: boolean;
  /** Later calls overtake earlier ones. */
  reorder: boolean;
  /** Nothing reaches Segue; what was to be said is lost, as after the provider's last attempt. */
  outage: boolean;
}

export interface FakeNetwork {
  readonly switches: NetworkSwitches;
  /** One signed form call, tried again once on failure; the last answer's status, null for none. */
  call(url: string, authToken: string, fields: Record<string, string>): Promise<number | null>;
}

export function createFakeNetwork(deliver: FakeOptions['deliver']): FakeNetwork {
  const switches: NetworkSwitches = { duplicates: false, reorder: false, outage: false };

  async function attempt(request: Parameters<FakeOptions['deliver']>[0]): Promise<number | null> {
    try {
      return (await deliver(request)).status;
    } catch {
      return null;
    }
  }

  return {
    switches,
    async call(url, authToken, fields) {
      if (switches.outage) return null;
      const form = new URLSearchParams(fields);
      const request = {
        url,
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'x-twilio-signature': signTwilioForm(authToken, url, form),
          'i-twilio-idempotency-token': randomUUID(),
          'user-agent': 'TwilioProxy/1.1',
        },
        body: form.toString(),
      };
      let status = await attempt(request);
      if (status === null || status >= 500) status = await attempt(request);
      if (switches.duplicates) await attempt(request);
      return status;
    },
  };
}
