import { z } from 'zod';
import { pauseReasons } from '#flows/contract.ts';
import { endpoint } from '#lib/endpoint.ts';
import { id } from '#lib/wire.ts';

const count = z.number().int().nullable();

const plan = z.object({
  id: z.string(),
  label: z.string(),
  /** Null: without limit. */
  maxSteps: count,
  /** Active flows of each project. */
  maxActive: count,
  instagram: z.boolean(),
  newReleaseTrigger: z.boolean(),
});

const paused = z.object({ flowId: id, name: z.string(), reason: z.enum(pauseReasons) });

export const getPlan = endpoint({
  method: 'GET',
  path: '/plan',
  summary: 'The plan of the account, and what this project uses of it',
  scope: 'read',
  permission: 'see',
  response: z.object({
    plan,
    /** Who decides: an owner of the account, or only who runs this Segue. */
    decidedBy: z.enum(['owner', 'operator']),
    use: z.object({
      active: z.number().int(),
      /** Steps of the longest active flow. */
      longest: z.number().int(),
    }),
    /** Flows of this project that a change of the plan paused. */
    paused: z.array(paused),
  }),
});

const pausing = paused.extend({ projectId: id, projectName: z.string() });

export const listPlanChoices = endpoint({
  method: 'GET',
  path: '/plan/choices',
  summary: 'Every plan, and the flows that a change to it would pause, in all projects of the account',
  scope: null,
  permission: 'plan',
  response: z.object({
    items: z.array(plan.extend({ isCurrent: z.boolean(), wouldPause: z.array(pausing) })),
  }),
});

export const changePlan = endpoint({
  method: 'PUT',
  path: '/plan',
  summary: 'Change the plan. What is beyond it is paused, the newest flows first; nothing is deleted',
  scope: null,
  permission: 'plan',
  body: z.strictObject({ plan: z.string().max(60) }),
  response: z.object({ plan, paused: z.array(pausing) }),
});
