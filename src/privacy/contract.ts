import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { idParams, time } from '#lib/wire.ts';

/** What is typed to mean it. */
export const eraseWord = 'ERASE';

export const exportFan = endpoint({
  method: 'POST',
  path: '/fans/{id}/export',
  summary: 'Everything that is kept of a fan, as JSON, without secrets; the log says who took it (R86)',
  scope: 'read',
  permission: 'export',
  showsAddresses: true,
  params: idParams,
  response: z.looseObject({
    exportedAt: time,
    keptBy: z.object({
      project: z.string(),
      programme: z.string(),
      legalSender: z.string(),
      contact: z.string(),
    }),
  }),
});

export const eraseFan = endpoint({
  method: 'POST',
  path: '/fans/{id}/erase',
  summary:
    'Erase a fan for good: addresses, consents, tokens and messages go, runs end, counts stay (R86). Nobody can claim a consent for her address afterwards but herself',
  scope: 'write',
  permission: 'erase',
  params: idParams,
  body: z.strictObject({
    confirm: z.literal(eraseWord, { error: `Type ${eraseWord} to confirm.` }),
  }),
});

export const readEvidence = endpoint({
  method: 'POST',
  path: '/evidence',
  summary:
    'The sealed record of an erased address (R87), for an owner with a reason, which the log keeps: when it was agreed, to which version, and when something was sent',
  scope: null,
  permission: 'owners',
  showsAddresses: true,
  body: z.strictObject({
    channel: z.enum(['sms', 'email', 'instagram']),
    address: z.string().trim().min(1).max(254),
    reason: z.string().trim().min(10, { error: 'Say why, in ten characters at least.' }).max(500),
  }),
  response: z.object({
    erasedAt: time,
    optedOutAt: time.nullable(),
    optedOutWord: z.string().nullable(),
    suppressedFor: z.string().nullable(),
    /** Null: past its time. */
    record: z
      .object({
        consents: z.array(
          z.object({
            version: z.string(),
            method: z.string(),
            grantedAt: time,
            activeAt: time.nullable(),
            revokedAt: time.nullable(),
            revokedBy: z.string().nullable(),
          }),
        ),
        sent: z.array(
          z.object({
            at: time,
            class: z.string(),
            flowId: z.string().nullable(),
            flowVersion: z.number().int().nullable(),
            position: z.number().int().nullable(),
          }),
        ),
      })
      .nullable(),
  }),
});
