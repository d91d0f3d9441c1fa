import { ourNumber, setSmsStage } from '../testing/sms-stage.ts';
import { createTwilioClient } from './client.ts';
import { createTwilioFake, type TwilioFakeOptions } from './fake.ts';
import { createTwilioWebhookReader } from './webhook.ts';

export { ourNumber, phone } from '../testing/sms-stage.ts';
export const accountSid = `AC${'0a'.repeat(16)}`;
export const authToken = '0123456789abcdef0123456789abcdef';
export const settings = { accountSid, authToken, numbers: [{ number: ourNumber, type: '10dlc' }] };

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** See `setSmsStage`; `options` are the fake's. */
export function setStage(options: Partial<TwilioFakeOptions> = {}) {
  return setSmsStage({
    connector: 'twilio',
    store: options.store,
    createFake: (given) =>
      createTwilioFake({ ...given, callbacks: { sentAfterMs: 0, deliveredAfterMs: 0 }, ...options }),
    async addNumber(fake, webhookUrl) {
      await fake.setNumber({ number: ourNumber, accountSid, authToken, inboundUrl: webhookUrl });
      return settings;
    },
    createClient: createTwilioClient,
    createReader: createTwilioWebhookReader,
  });
}
