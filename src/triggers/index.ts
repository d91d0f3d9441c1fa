import { emailSignUp } from './email-sign-up/trigger.ts';
import { follow } from './follow/trigger.ts';
import { instagramComment } from './instagram-comment/trigger.ts';
import { instagramDm } from './instagram-dm/trigger.ts';
import { keyword } from './keyword/trigger.ts';
import { libraryAdd } from './library-add/trigger.ts';
import { newRelease } from './new-release/trigger.ts';
import { nextSave } from './nextsave/trigger.ts';
import { presave } from './presave/trigger.ts';
import { smsSignUp } from './sms-sign-up/trigger.ts';

/** Every trigger, browser-safe, in the order of the palette. */
export const triggers = {
  keyword,
  'sms-sign-up': smsSignUp,
  'email-sign-up': emailSignUp,
  presave,
  follow,
  'library-add': libraryAdd,
  nextsave: nextSave,
  'new-release': newRelease,
  'instagram-dm': instagramDm,
  'instagram-comment': instagramComment,
} as const;

export type TriggerId = keyof typeof triggers;
export const triggerIds = Object.keys(triggers) as [TriggerId, ...TriggerId[]]; // not empty, as the object shows
