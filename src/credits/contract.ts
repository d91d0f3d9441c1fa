import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { time } from '#lib/wire.ts';

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
