import type { ConnectorServer } from '../connector.ts';
import { createTelnyxClient } from './client.ts';
import { telnyx } from './connector.ts';
import { goLive } from './go-live.ts';
import { createTelnyxWebhookReader } from './webhook.ts';

export const telnyxServer: ConnectorServer = {
  definition: telnyx,
  goLive,
  sms: createTelnyxClient,
  webhook: createTelnyxWebhookReader,
};
