import type { StepServer } from '../step.ts';
import { sendEmail } from './step.ts';

interface Config {
  subject: string;
  body: string;
  connectionId?: string | undefined;
}

export const runSendEmail: StepServer<Config> = {
  definition: sendEmail,
  evaluate: (ctx, { subject, body, connectionId }) =>
    ctx.emails.send({ subject, body, connectionId: connectionId ?? null }),
};
