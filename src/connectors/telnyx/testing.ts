import { ourNumber, setSmsStage } from '../testing/sms-stage.ts';
import { createTelnyxClient } from './client.ts';
import { createTelnyxFake, type TelnyxFakeOptions } from './fake.ts';
import { createTelnyxWebhookReader } from './webhook.ts';

export { ourNumber, phone } from '../testing/sms-stage.ts';

export type Stage = Awaited<ReturnType<typeof setStage>>;

/** See `setSmsStage`; `options` are the fake's. */
export function setStage(options: Partial<TelnyxFakeOptions> = {}) {
  return setSmsStage({
    connector: 'telnyx',
    store: options.store,
    createFake: (given) =>
      createTelnyxFake({ ...given, callbacks: { sentAfterMs: 0, deliveredAfterMs: 0 }, ...options }),
    addNumber: (fake, webhookUrl) => fake.addNumber(ourNumber, webhookUrl),
    createClient: createTelnyxClient,
    createReader: createTelnyxWebhookReader,
  });
}
