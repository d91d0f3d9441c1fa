import { runAddToSegment } from './add-to-segment/run.ts';
import { runFollowArtist } from './follow-artist/run.ts';
import { runNextSave } from './nextsave/run.ts';
import { runPresave } from './presave/run.ts';
import { runSaveRelease } from './save-release/run.ts';
import { runSendEmail } from './send-email/run.ts';
import { runSendInstagramDm } from './send-instagram-dm/run.ts';
import { runSendText } from './send-text/run.ts';
import type { StepId } from './index.ts';
import type { Part } from '#engine/contract.ts';
import type { StepContext } from './step.ts';

interface AnyStep {
  evaluate(ctx: StepContext, config: never): Promise<Part[]>;
}

/** The server half of every step; does not compile when one is missing. */
export const stepServers: Record<StepId, AnyStep> = {
  presave: runPresave,
  'follow-artist': runFollowArtist,
  'save-release': runSaveRelease,
  nextsave: runNextSave,
  'add-to-segment': runAddToSegment,
  'send-text': runSendText,
  'send-email': runSendEmail,
  'send-instagram-dm': runSendInstagramDm,
};
