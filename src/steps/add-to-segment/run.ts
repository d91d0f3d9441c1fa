import type { StepServer } from '../step.ts';
import { addToSegment } from './step.ts';

export const runAddToSegment: StepServer<{ segmentId: string }> = {
  definition: addToSegment,
  evaluate: (ctx, { segmentId }) => ctx.segments.add(segmentId),
};
