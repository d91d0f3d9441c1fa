import { z } from 'zod';
import { flowReentry } from '#flows/contract.ts';
import { stepIds } from '#steps/index.ts';
import { triggerIds } from '#triggers/index.ts';
import type { Draft } from './draft.ts';

/** Edits that no server has yet, in this browser: they outlive a lost connection, a sign-out, a closed tab. */
export interface KeptEdits {
  /** The version they were made on. */
  version: number;
  draft: Draft;
}

const config = z.record(z.string(), z.unknown());

// What a later dashboard no longer knows is not brought back; the rest the API checks when it is saved.
const kept: z.ZodType<KeptEdits> = z.object({
  version: z.number().int(),
  draft: z.object({
    name: z.string(),
    trigger: z.object({ trigger: z.enum(triggerIds), config }),
    steps: z.array(
      z.object({
        key: z.string(),
        step: z.enum(stepIds),
        config,
        onUnmet: z.enum(['defer', 'skip']),
        deadlineHours: z.number().optional(),
        stopOnFailure: z.boolean(),
      }),
    ),
    reentry: flowReentry,
  }),
});

const nameOf = (flowId: string) => `segue-flow-edits:${flowId}`;

/** Null: none, or none that this version of the dashboard can read. */
export function readKept(flowId: string): KeptEdits | null {
  try {
    const parsed = kept.safeParse(JSON.parse(localStorage.getItem(nameOf(flowId)) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** False: the browser keeps nothing (private mode, full). */
export function keepEdits(flowId: string, edits: KeptEdits): boolean {
  try {
    localStorage.setItem(nameOf(flowId), JSON.stringify(edits));
    return true;
  } catch {
    return false;
  }
}

export function forgetKept(flowId: string): void {
  try {
    localStorage.removeItem(nameOf(flowId));
  } catch {
    // Nothing was kept either.
  }
}
