import type { ConnectorServer } from '../connector.ts';
import { createAmazonSesClient } from './client.ts';
import { amazonSes } from './connector.ts';
import { goLive } from './go-live.ts';
import { createAmazonSesWebhookReader } from './webhook.ts';

export const amazonSesServer: ConnectorServer = {
  definition: amazonSes,
  goLive,
  email: createAmazonSesClient,
  webhook: createAmazonSesWebhookReader,
};
