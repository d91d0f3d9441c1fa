import type { StepServer } from '../step.ts';
import { presave } from './step.ts';

export const runPresave: StepServer<{ releaseId: string }> = {
  definition: presave,
  evaluate: (ctx, { releaseId }) => ctx.streaming.presave(releaseId),
};
