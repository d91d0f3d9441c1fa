import type { ConnectorServer } from '../connector.ts';
import { createInstagramClient } from './client.ts';
import { instagram } from './connector.ts';
import { createInstagramLogin, createInstagramRenewal } from './login.ts';
import { goLive } from './go-live.ts';
import { createInstagramWebhookReader } from './webhook.ts';

export const instagramServer: ConnectorServer = {
  definition: instagram,
  goLive,
  social: createInstagramClient,
  login: createInstagramLogin,
  renewal: createInstagramRenewal,
  webhook: createInstagramWebhookReader,
};
