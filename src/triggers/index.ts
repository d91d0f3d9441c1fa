import { keyword } from './keyword/trigger.ts';

/** Every trigger, browser-safe, in the order of the palette. */
export const triggers = { keyword } as const;

export type TriggerId = keyof typeof triggers;
export const triggerIds = Object.keys(triggers) as [TriggerId, ...TriggerId[]]; // not empty, as the object shows
