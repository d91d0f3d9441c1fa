import type { ConnectorServer } from '../connector.ts';
import { createResendClient } from './client.ts';
import { resend } from './connector.ts';
import { goLive } from './go-live.ts';
import { createResendWebhookReader } from './webhook.ts';

export const resendServer: ConnectorServer = {
  definition: resend,
  goLive,
  email: createResendClient,
  webhook: createResendWebhookReader,
};
