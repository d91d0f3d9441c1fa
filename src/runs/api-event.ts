import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Entry, JsonObject } from '#engine/contract.ts';
import { apiEventTypes } from './event-subjects.ts';

/** `source` of events that came over the API. */
export const apiSource = 'api';

/**
 * What an event by API carries to its admission, as `payload.api` of the entry. Addresses are in the
 * form they are stored in: E.164, lower-case e-mail. Several addresses may be different fans: `id` >
 * phone > email > instagram wins and the answer's `extra.fanConflict` becomes true.
 */
export const apiEventPayload = z.object({
  type: z.enum(apiEventTypes),
  fan: z.object({
    id: z.string().optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
    instagram: z.string().optional(),
  }),
  subject: z.record(z.string(), z.json()),
  /** Recorded as claimed by this key (R96); null: no consent is recorded. */
  consent: z
    .object({
      text: z.string(),
      version: z.string(),
      obtainedAt: z.string(),
      method: z.string(),
      sourceUrl: z.string(),
      /** `key:ID`. */
      claimedBy: z.string(),
    })
    .nullable(),
});
export type ApiEventPayload = z.infer<typeof apiEventPayload>;

/** The event of an entry with source `api`; throws when the entry is not one. */
export function readApiEvent(entry: Pick<Entry, 'payload'>): ApiEventPayload {
  return apiEventPayload.parse(entry.payload['api']);
}

/** The entry of an API event. Equal type, fan and subject have equal fingerprints, whatever their order. */
export function apiEntry(event: ApiEventPayload, key: string, occurredAt: Date): Entry {
  const { type, fan, subject } = event;
  return {
    source: apiSource,
    key,
    type,
    fingerprint: createHash('sha256')
      .update(canonical([type, fan, subject]))
      .digest('base64url'),
    occurredAt,
    // As: made of strings by the schema above; optional fields that are absent vanish in JSON.
    payload: { api: JSON.parse(JSON.stringify(event)) as JsonObject },
  };
}

/** The same event, claiming no consent. */
export function withoutClaim(entry: Entry): Entry {
  return { ...entry, payload: { ...entry.payload, api: { ...readApiEvent(entry), consent: null } } };
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
