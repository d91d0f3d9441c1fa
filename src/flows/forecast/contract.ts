import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, time } from '#lib/wire.ts';
import { anyStep, anyTrigger, flowReentry } from '../contract.ts';

const range = z.object({ min: z.number().int(), max: z.number().int() });

/** Why a fan of today cannot start it; `been_through`: each fan once, and these were. */
export const notStarting = ['no_number', 'no_email', 'no_instagram', 'no_nextsave', 'been_through'] as const;

const outcome = z.object({
  status: z.enum(['done', 'held', 'deferred', 'skipped']),
  /** Of the outcomes' closed list; null: simply done. */
  reason: z.string().nullable(),
  fans: z.number().int(),
});

/** What messages come to; `fans`: who gets one, now or once it may go. */
const cost = z.object({
  fans: range,
  /** Of one text; an e-mail has one. */
  parts: range,
  credits: range,
  micros: range,
});

export const forecastFlow = endpoint({
  method: 'POST',
  path: '/flow-forecasts',
  summary: 'What would become of each step if every fan of today did now what starts the flow, and its cost',
  scope: 'read',
  permission: 'see',
  body: z.strictObject({
    trigger: anyTrigger,
    steps: z.array(anyStep).max(50),
    reentry: flowReentry.optional(),
    /** The flow that is drawn: who has been through it does not start it once more. */
    flowId: id.optional(),
  }),
  response: z.object({
    at: time,
    /** All fans of the project. */
    fans: z.number().int(),
    starts: z.number().int(),
    notStarting: z.array(z.object({ reason: z.enum(notStarting), fans: z.number().int() })),
    steps: z.array(
      z.object({
        position: z.number().int(),
        step: z.string(),
        /** The most frequent first; empty: the step is still being filled in. */
        outcomes: z.array(outcome),
        /** Null: it sends nothing that costs. */
        cost: cost.nullable(),
      }),
    ),
    total: z.object({ sms: range, email: range, micros: range, currency: z.string() }),
  }),
});
