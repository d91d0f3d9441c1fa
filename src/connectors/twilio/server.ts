import type { ConnectorServer } from '../connector.ts';
import { createTwilioClient } from './client.ts';
import { twilio } from './connector.ts';
import { goLive } from './go-live.ts';
import { createTwilioWebhookReader } from './webhook.ts';

export const twilioServer: ConnectorServer = {
  definition: twilio,
  goLive,
  sms: createTwilioClient,
  webhook: createTwilioWebhookReader,
};
