import type { StepServer } from '../step.ts';
import { sendText } from './step.ts';

export const runSendText: StepServer<{ body: string; connectionId?: string | undefined }> = {
  definition: sendText,
  evaluate: (ctx, { body, connectionId }) => ctx.texts.send({ body, connectionId: connectionId ?? null }),
};
