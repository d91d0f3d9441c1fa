import { z } from 'zod';
import { consent } from '#fans/contract.ts';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, time } from '#lib/wire.ts';

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

const evidencePack = z.object({
  madeAt: time,
  madeBy: z.object({
    project: z.string(),
    programme: z.string(),
    legalSender: z.string(),
    contact: z.string(),
  }),
  addresses: z.array(
    z.object({
      channel: z.string(),
      value: z.string(),
      since: time,
      /** The country's rules that a number is texted by (R99); null: no number. */
      rules: z.object({ country: z.string(), checkedOn: z.string() }).nullable(),
    }),
  ),
  consents: z.array(
    consent.extend({
      /** Where the words beside a keyword stood (R95). */
      callToAction: z.object({ place: z.string(), link: z.string(), publishedAt: time }).nullable(),
    }),
  ),
  optOuts: z.array(
    z.object({
      channel: z.string(),
      address: z.string(),
      word: z.string(),
      at: time,
      clearedAt: time.nullable(),
    }),
  ),
  messages: z.array(
    z.object({
      at: time,
      channel: z.string(),
      class: z.string(),
      from: z.string(),
      to: z.string(),
      /** Null: past its time (R119). */
      body: z.string().nullable(),
      flow: z.string().nullable(),
      state: z.string(),
      delivery: z.string().nullable(),
      /** What permitted it: a consent, her own text (R94), or that it answers a command of hers. */
      basis: z.enum(['consent', 'reply', 'answer', 'none']),
      consentId: id.nullable(),
    }),
  ),
  /** What she wrote; of a command, as it was read. */
  received: z.array(
    z.object({ at: time, channel: z.string(), body: z.string().nullable(), reading: z.string() }),
  ),
});
export type EvidencePack = z.output<typeof evidencePack>;

export const packFanEvidence = endpoint({
  method: 'POST',
  path: '/fans/{id}/evidence-pack',
  summary:
    '“Why did you text me?” answered: consent with the words that were shown and where, every message with what permitted it, what the fan wrote, every STOP (R38, R95, R96). The log says who took it',
  scope: 'read',
  permission: 'export',
  showsAddresses: true,
  params: idParams,
  response: evidencePack,
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
