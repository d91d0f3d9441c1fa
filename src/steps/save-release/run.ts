import type { StepServer } from '../step.ts';
import { saveRelease } from './step.ts';

export const runSaveRelease: StepServer<{ releaseId: string }> = {
  definition: saveRelease,
  evaluate: (ctx, { releaseId }) => ctx.streaming.saveRelease(releaseId),
};
