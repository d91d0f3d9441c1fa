import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';
import { flow } from '../contract.ts';

const who = z.object({
  kind: z.enum(['person', 'key', 'system']),
  /** Null: no longer known. */
  name: z.string().nullable(),
});

const flowVersion = z.object({
  version: z.number().int(),
  /** `draft`: the newest, not started. `active`: what runs. `old`: neither. */
  state: z.enum(['draft', 'active', 'old']),
  savedAt: time,
  savedBy: who,
  /** When it was first started; null: never. */
  activatedAt: time.nullable(),
});
export type FlowVersionView = z.output<typeof flowVersion>;

const versionParams = z.strictObject({ id, version: z.coerce.number().int().min(1) });

export const listFlowVersions = endpoint({
  method: 'GET',
  path: '/flows/{id}/versions',
  summary:
    'Versions of a flow, newest first. Of what one person saved in one go, and never started, only the last',
  scope: 'read',
  permission: 'see',
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(flowVersion),
});

export const getFlowVersion = endpoint({
  method: 'GET',
  path: '/flows/{id}/versions/{version}',
  summary: 'What a version holds',
  scope: 'read',
  permission: 'see',
  params: versionParams,
  response: flowVersion.extend(flow.pick({ trigger: true, steps: true, reentry: true }).shape),
});

export const restoreFlowVersion = endpoint({
  method: 'POST',
  path: '/flows/{id}/versions/{version}/restore',
  summary:
    'Make an older version the draft; what runs stays. 409 stale_version if somebody saved since `version`',
  scope: 'write',
  permission: 'edit',
  params: versionParams,
  body: z.strictObject({ version: z.number().int().min(1) }),
  response: flow,
});

const fields = z.array(z.object({ label: z.string(), before: z.string(), after: z.string() }));
const at = { position: z.number().int(), summary: z.string() };

export const flowChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('trigger'), summary: z.string(), fields }),
  z.object({ kind: z.literal('trigger_replaced'), before: z.string(), after: z.string() }),
  z.object({ kind: z.literal('reentry'), before: z.string(), after: z.string() }),
  z.object({ kind: z.literal('step_added'), ...at }),
  z.object({ kind: z.literal('step_removed'), ...at }),
  z.object({ kind: z.literal('step_moved'), ...at, from: z.number().int() }),
  z.object({ kind: z.literal('step_changed'), ...at, fields }),
]);
/** One thing that differs between two versions, in words. Positions count from 1. */
export type FlowChange = z.output<typeof flowChange>;
export type FieldChange = z.output<typeof fields>[number];

export const getFlowDifference = endpoint({
  method: 'GET',
  path: '/flows/{id}/difference',
  summary: 'What changed from one version to another, in words; by default from what runs to the newest',
  scope: 'read',
  permission: 'see',
  params: idParams,
  query: z.strictObject({
    from: z.coerce.number().int().min(1).optional(),
    to: z.coerce.number().int().min(1).optional(),
  }),
  response: z.object({
    /** Null: nothing was started yet, so there is nothing to compare with. */
    from: z.number().int().nullable(),
    to: z.number().int(),
    changes: z.array(flowChange),
  }),
});
