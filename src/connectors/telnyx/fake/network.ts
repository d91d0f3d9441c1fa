import { createPrivateKey, randomUUID } from 'node:crypto';
import { systemClock } from '#lib/clock.ts';
import type { FakeOptions } from '../../connector.ts';
import { createFakeNetwork, type FakeNetwork } from '../../kit/sms/network.ts';
import { signTelnyx } from '../signature.ts';
import { renderMessage } from './render.ts';
import type { FakeMessage, FakeNumber } from './state.ts';

export type TelnyxEvent = 'message.received' | 'message.sent' | 'message.finalized';

export interface TelnyxNetwork extends Pick<FakeNetwork, 'switches' | 'overtaken'> {
  /** Tells an event, in three attempts if need be; the last answer's status, null for none. */
  tell(
    owner: FakeNumber,
    url: string,
    event: { type: TelnyxEvent; message: FakeMessage; at: Date },
  ): Promise<number | null>;
}

export function createTelnyxNetwork(deliver: FakeOptions['deliver']): TelnyxNetwork {
  const isTaken = (status: number) => status >= 200 && status <= 299;
  const network = createFakeNetwork({ deliver, attempts: 3, isTaken });

  return {
    ...network,
    tell(owner, url, { type, message, at }) {
      const key = createPrivateKey({
        key: Buffer.from(owner.privateKey, 'base64'),
        format: 'der',
        type: 'pkcs8',
      });
      const data = {
        event_type: type,
        id: randomUUID(),
        occurred_at: at.toISOString(),
        payload: renderMessage(message),
        record_type: 'event',
      };
      return network.call((attempt) => {
        const body = JSON.stringify({ data, meta: { attempt, delivered_to: url } });
        // Real time: it is the life of the signature, not of the message.
        const timestamp = String(Math.floor(systemClock.now().getTime() / 1_000));
        return {
          url,
          headers: {
            'content-type': 'application/json',
            'telnyx-timestamp': timestamp,
            'telnyx-signature-ed25519': signTelnyx(key, timestamp, body),
            'user-agent': 'telnyx-webhooks',
          },
          body,
        };
      });
    },
  };
}
