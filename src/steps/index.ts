import { addToSegment } from './add-to-segment/step.ts';
import { followArtist } from './follow-artist/step.ts';
import { nextSave } from './nextsave/step.ts';
import { presave } from './presave/step.ts';
import { saveRelease } from './save-release/step.ts';
import { sendEmail } from './send-email/step.ts';
import { sendInstagramDm } from './send-instagram-dm/step.ts';
import { sendText } from './send-text/step.ts';

/** Every step, browser-safe, in the order of the palette. */
export const steps = {
  presave,
  'follow-artist': followArtist,
  'save-release': saveRelease,
  nextsave: nextSave,
  'add-to-segment': addToSegment,
  'send-text': sendText,
  'send-email': sendEmail,
  'send-instagram-dm': sendInstagramDm,
} as const;

export type StepId = keyof typeof steps;
export const stepIds = Object.keys(steps) as [StepId, ...StepId[]]; // not empty, as the object shows
