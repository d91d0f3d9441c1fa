import type { StepServer } from '../step.ts';
import { followArtist } from './step.ts';

export const runFollowArtist: StepServer<{ artistId: string }> = {
  definition: followArtist,
  evaluate: (ctx, { artistId }) => ctx.streaming.followArtist(artistId),
};
