import type { ConnectorServer } from '../connector.ts';
import { createResendClient } from './client.ts';
import { resend } from './connector.ts';
import { createResendWebhookReader } from './webhook.ts';

export const resendServer: ConnectorServer = {
  definition: resend,
  email: createResendClient,
  webhook: createResendWebhookReader,
};
