import { randomUUID } from 'node:crypto';
import type { FakeOptions } from '../../connector.ts';
import { createFakeNetwork, type FakeNetwork } from '../../kit/sms/network.ts';
import { signTwilioForm } from '../signature.ts';

export interface TwilioNetwork extends Pick<FakeNetwork, 'switches' | 'overtaken'> {
  /** One signed form call, tried again once on failure; the last answer's status, null for none. */
  call(url: string, authToken: string, fields: Record<string, string>): Promise<number | null>;
}

export function createTwilioNetwork(deliver: FakeOptions['deliver']): TwilioNetwork {
  const network = createFakeNetwork({ deliver, attempts: 2, isTaken: (status) => status < 500 });
  return {
    ...network,
    call(url, authToken, fields) {
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
      return network.call(() => request);
    },
  };
}
