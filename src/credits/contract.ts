import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, time } from '#lib/wire.ts';

const account = z.object({
  used: z.number().int(),
  reserved: z.number().int(),
  /** Null: without limit. */
  allowance: z.number().int().nullable(),
});

export const getUsage = endpoint({
  method: 'GET',
  path: '/usage',
  summary: 'Credits of this calendar month, in UTC',
  scope: 'read',
  permission: 'see',
  response: z.object({ periodStart: time, periodEnd: time, sms: account, email: account }),
});

const spent = {
  sms: z.number().int(),
  email: z.number().int(),
  /** About how much that costs, in millionths of the currency. */
  micros: z.number().int(),
};

export const getUsageDetails = endpoint({
  method: 'GET',
  path: '/usage/details',
  summary:
    'What the month cost, about: as a whole, by day and by flow. Days are UTC, by the start of the run',
  scope: 'read',
  permission: 'see',
  response: z.object({
    currency: z.string(),
    periodStart: time,
    periodEnd: time,
    /** Used so far, and what reserved sends may add. */
    used: z.object(spent),
    reserved: z.object(spent),
    days: z.array(z.object({ day: z.iso.date(), ...spent })),
    flows: z.array(z.object({ flowId: id, name: z.string(), isDeleted: z.boolean(), ...spent })),
  }),
});
