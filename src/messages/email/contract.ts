import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, time } from '#lib/wire.ts';

/** An address that mails come from, and how it stands (R113). */
const emailSender = z.object({
  connectionId: id,
  label: z.string(),
  address: z.string(),
  isLive: z.boolean(),
  /** What the DNS said last; null: nobody has looked yet, or, in a test project, nobody will. */
  checks: z
    .array(z.object({ check: z.enum(['spf', 'dkim', 'dmarc']), isOk: z.boolean(), detail: z.string() }))
    .nullable(),
  checkedAt: time.nullable(),
  isVerified: z.boolean(),
  pausedAt: time.nullable(),
  pausedFor: z.string().nullable(),
  /** Of the last 1,000 mails; shares of 1. */
  rates: z.object({
    mails: z.number().int(),
    complaints: z.number().int(),
    bounces: z.number().int(),
    complaintRate: z.number(),
    bounceRate: z.number(),
  }),
  /** Rates that are close to a pause. */
  warnings: z.array(z.enum(['complaints', 'bounces'])),
  /** Mails on a new domain's first day, doubled each day; null: no warm-up. */
  warmUpPerDay: z.number().int().nullable(),
  /** Mails that may leave a day for now; null: no limit. */
  dailyLimit: z.number().int().nullable(),
});
export type EmailSenderView = z.input<typeof emailSender>;

export const listEmailSenders = endpoint({
  method: 'GET',
  path: '/email-senders',
  summary: 'Addresses that mails come from: DNS records, complaints and bounces, pauses, warm-up',
  scope: 'read',
  permission: 'see',
  showsAddresses: true,
  response: z.object({ items: z.array(emailSender) }),
});

export const checkEmailSender = endpoint({
  method: 'POST',
  path: '/email-senders/{id}/check',
  summary: 'Ask the DNS now whether it proves the sender; `id` is the connection’s',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: emailSender,
});

export const resumeEmailSender = endpoint({
  method: 'POST',
  path: '/email-senders/{id}/resume',
  summary: 'Send again after a pause; what was reported before is not held against it',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: emailSender,
});

export const liftSuppression = endpoint({
  method: 'POST',
  path: '/email-suppressions/lift',
  summary: 'Write to an address again that bounced; one whose reader called a mail spam stays as it is',
  scope: 'write',
  permission: 'edit',
  body: z.strictObject({ address: z.string().trim().toLowerCase().max(254) }),
  response: z.object({ address: z.string() }),
});

export const updateEmailSender = endpoint({
  method: 'PUT',
  path: '/email-senders/{id}',
  summary: 'Mails on a new domain’s first day; null: no warm-up',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  body: z.strictObject({ warmUpPerDay: z.number().int().min(1).max(1_000_000).nullable() }),
  response: emailSender,
});
