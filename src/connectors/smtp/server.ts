import type { ConnectorServer } from '../connector.ts';
import { createSmtpClient } from './client.ts';
import { smtp } from './connector.ts';
import { goLive } from './go-live.ts';

/** A bounce comes back as a mail to the return path, which is the server's: no webhook. */
export const smtpServer: ConnectorServer = { definition: smtp, goLive, email: createSmtpClient };
