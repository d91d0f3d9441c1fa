import type { StepServer } from '../step.ts';
import { nextSave } from './step.ts';

export const runNextSave: StepServer<{ artistId: string }> = {
  definition: nextSave,
  evaluate: (ctx, { artistId }) => ctx.streaming.nextSave(artistId),
};
