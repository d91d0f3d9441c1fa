import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams } from '#lib/wire.ts';

/** What flows came to, in numbers. Days are UTC, by the start of the run. */

const count = z.number().int();
export const resultStatuses = ['done', 'skipped', 'held', 'deferred', 'failed', 'unknown'] as const;
export type ResultStatus = (typeof resultStatuses)[number];

const byStatus = z.object({
  done: count,
  skipped: count,
  held: count,
  deferred: count,
  failed: count,
  unknown: count,
});
export type StatusCounts = z.infer<typeof byStatus>;

const query = z.strictObject({ days: z.coerce.number().int().min(1).max(366).default(30) });

export const listFlowResults = endpoint({
  method: 'GET',
  path: '/flow-results',
  summary: 'Of every flow: runs, outcomes and money of the last days, and its runs of each of the last seven',
  scope: 'read',
  permission: 'see',
  query,
  response: z.object({
    currency: z.string(),
    /** The last seven, oldest first. */
    days: z.array(z.iso.date()),
    items: z.array(
      z.object({
        flowId: id,
        runs: count,
        outcomes: byStatus,
        /** About how much its sends cost, in millionths of the currency. */
        micros: count,
        /** Runs of each of `days`. */
        daily: z.array(count),
      }),
    ),
  }),
});

export const getFlowResults = endpoint({
  method: 'GET',
  path: '/flows/{id}/results',
  summary: 'One flow’s funnel by step, outcome and reason, and its days',
  scope: 'read',
  permission: 'see',
  params: idParams,
  query,
  response: z.object({
    currency: z.string(),
    runs: count,
    micros: count,
    days: z.array(z.object({ day: z.iso.date(), runs: count, outcomes: byStatus })),
    /** In order; a step of an earlier version that is gone now has only its position. */
    steps: z.array(
      z.object({
        position: count,
        step: z.string().nullable(),
        summary: z.string().nullable(),
        /** Fans who came to it; several services of one step count once. */
        runs: count,
        outcomes: byStatus,
        reasons: z.array(
          z.object({
            status: z.enum(resultStatuses),
            reason: z.string().nullable(),
            service: z.string().nullable(),
            count,
          }),
        ),
        micros: count,
        /** Opens of the links that this step sent; `scanners`: by programs that look before people do. */
        clicks: z.object({ people: count, scanners: count }),
      }),
    ),
  }),
});
