import type { ConnectorServer } from '../connector.ts';
import { createAmazonSesClient } from './client.ts';
import { amazonSes } from './connector.ts';
import { createAmazonSesWebhookReader } from './webhook.ts';

export const amazonSesServer: ConnectorServer = {
  definition: amazonSes,
  email: createAmazonSesClient,
  webhook: createAmazonSesWebhookReader,
};
