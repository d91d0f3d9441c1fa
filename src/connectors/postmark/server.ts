import type { ConnectorServer } from '../connector.ts';
import { createPostmarkClient } from './client.ts';
import { postmark } from './connector.ts';
import { createPostmarkWebhookReader } from './webhook.ts';

export const postmarkServer: ConnectorServer = {
  definition: postmark,
  email: createPostmarkClient,
  webhook: createPostmarkWebhookReader,
};
