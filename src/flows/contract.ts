import { z } from 'zod';
import { draftOf } from '#lib/draft-schema.ts';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';
import { stepIds, steps, type StepId } from '#steps/index.ts';
import { triggerIds, triggers, type TriggerId } from '#triggers/index.ts';

const policy = {
  /** What happens where something is missing that somebody can still bring: wait, or go on without. */
  onUnmet: z.enum(['defer', 'skip']).default('defer'),
  /** How long a deferred step waits; absent: the step's own default. */
  deadlineHours: z
    .number()
    .min(1)
    .max(24 * 365)
    .optional(),
  stopOnFailure: z.boolean().default(false),
};

export interface FlowStep {
  step: StepId;
  config: Record<string, unknown>;
  onUnmet: 'defer' | 'skip';
  deadlineHours?: number | undefined;
  stopOnFailure: boolean;
}

export interface FlowTrigger {
  trigger: TriggerId;
  config: Record<string, unknown>;
}

export const anyStep = z.discriminatedUnion(
  'step',
  // As: made from a list that is not empty; each entry has its own config.
  stepIds.map((step) =>
    z.strictObject({ step: z.literal(step), config: draftOf(steps[step].config), ...policy }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<FlowStep>; // As: every config is an object, which the union's type does not say.

export const anyTrigger = z.discriminatedUnion(
  'trigger',
  triggerIds.map((trigger) =>
    z.strictObject({ trigger: z.literal(trigger), config: draftOf(triggers[trigger].config) }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<FlowTrigger>; // As: as above.

export const flowReentry = z.strictObject({
  policy: z.enum(['once', 'cooldown', 'always']),
  seconds: z
    .number()
    .int()
    .min(1)
    .max(366 * 24 * 3600)
    .optional(),
});

const definition = {
  name: z.string().trim().min(1).max(120),
  trigger: anyTrigger,
  steps: z.array(anyStep).max(50),
  /** Absent: what fits the trigger (R29). */
  reentry: flowReentry.optional(),
};

const flowInput = z.strictObject(definition);

export const problem = z.object({
  severity: z.enum(['error', 'warning']),
  path: z.string(),
  code: z.string(),
  message: z.string(),
});

const config = z.record(z.string(), z.unknown());

/** What of a plan a flow can be beyond. */
export const planLimits = ['plan_active', 'plan_steps', 'plan_instagram', 'plan_new_release'] as const;
export type PlanLimit = (typeof planLimits)[number];

/** Why Segue itself paused a flow; the words are the catalogue's. */
export const pauseReasons = [...planLimits, 'allowance', 'budget', 'storm'] as const;
export type PauseReason = (typeof pauseReasons)[number];

export const flow = z.object({
  id,
  name: z.string(),
  state: z.enum(['draft', 'active', 'paused']),
  /** Null: it is not paused, or somebody paused it. */
  pauseReason: z.enum(pauseReasons).nullable(),
  version: z.number().int(),
  activeVersion: z.number().int().nullable(),
  trigger: z.object({ trigger: z.string(), config }),
  steps: z.array(
    z.object({
      step: z.string(),
      config,
      onUnmet: z.enum(['defer', 'skip']),
      deadlineHours: z.number().optional(),
      stopOnFailure: z.boolean(),
    }),
  ),
  reentry: z.object({ policy: z.enum(['once', 'cooldown', 'always']), seconds: z.number().int().optional() }),
  /** What starts it, in a line: `A fan pre-saves Midnight Ferry`. */
  summary: z.string(),
  problems: z.array(problem),
  createdAt: time,
  updatedAt: time,
});

export type FlowView = z.input<typeof flow>;
export type FlowProblem = z.infer<typeof problem>;
/** What people draw: the body of a new flow. */
export type FlowInput = z.output<typeof flowInput>;

export const listFlows = endpoint({
  method: 'GET',
  path: '/flows',
  summary: 'Flows, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['draft', 'active', 'paused']).optional(),
    /** Part of the name, or of a keyword. */
    q: z.string().trim().max(100).optional(),
  }),
  response: page(flow),
});

export const createFlow = endpoint({
  method: 'POST',
  path: '/flows',
  summary: 'Make a draft',
  scope: 'write',
  permission: 'edit',
  body: flowInput,
  response: flow,
  status: 201,
});

export const getFlow = endpoint({
  method: 'GET',
  path: '/flows/{id}',
  summary: 'One flow with its problems',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: flow,
});

/** Read-only fields may come back as they were read; they are ignored. */
const readOnly = {
  id: z.unknown().optional(),
  state: z.unknown().optional(),
  pauseReason: z.unknown().optional(),
  activeVersion: z.unknown().optional(),
  summary: z.unknown().optional(),
  problems: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
};

export const updateFlow = endpoint({
  method: 'PUT',
  path: '/flows/{id}',
  summary: 'Save a new version; runs use it once it is activated. 409 stale_version if somebody saved before',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ ...definition, ...readOnly, version: z.number().int().min(1) }),
  response: flow,
});

export const duplicateFlow = endpoint({
  method: 'POST',
  path: '/flows/{id}/duplicate',
  summary: 'A draft with the same trigger and steps as the newest version',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  response: flow,
  status: 201,
});

export const activateFlow = endpoint({
  method: 'POST',
  path: '/flows/{id}/activate',
  summary:
    'Start the newest version, or start again after a pause. 409 flow_conflict or plan_limit, 422 problems',
  scope: 'write',
  permission: 'activate',
  params: idParams,
  response: flow,
});

export const pauseFlow = endpoint({
  method: 'POST',
  path: '/flows/{id}/pause',
  summary: 'Start no new runs; hold, finish or cancel those under way',
  scope: 'write',
  permission: 'activate',
  params: idParams,
  body: z.strictObject({ inProgress: z.enum(['hold', 'finish', 'cancel']).default('hold') }),
  response: flow,
});

export const deleteFlow = endpoint({
  method: 'DELETE',
  path: '/flows/{id}',
  summary: 'End the flow: no step of it runs once this has answered',
  scope: 'write',
  permission: 'activate',
  params: idParams,
});
