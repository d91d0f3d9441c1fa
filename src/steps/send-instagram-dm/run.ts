import type { StepServer } from '../step.ts';
import { sendInstagramDm } from './step.ts';

interface Config {
  text: string;
  connectionId?: string | undefined;
}

export const runSendInstagramDm: StepServer<Config> = {
  definition: sendInstagramDm,
  evaluate: (ctx, { text, connectionId }) =>
    ctx.directMessages.send({ text, connectionId: connectionId ?? null }),
};
