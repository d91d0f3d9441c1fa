import type { ConnectorServer } from '../connector.ts';
import { createPostmarkClient } from './client.ts';
import { postmark } from './connector.ts';
import { goLive } from './go-live.ts';
import { createPostmarkWebhookReader } from './webhook.ts';

export const postmarkServer: ConnectorServer = {
  definition: postmark,
  goLive,
  email: createPostmarkClient,
  webhook: createPostmarkWebhookReader,
};
