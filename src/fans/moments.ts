import { z } from 'zod';
import { id, time } from '#lib/wire.ts';

const at = { at: time };
/** One entry of a fan's timeline. Browser-safe. */
export const moment = z.discriminatedUnion('kind', [
  /** What she did; `about` is the title or name of what it was about. */
  z.object({
    kind: z.literal('event'),
    ...at,
    id,
    type: z.string(),
    subject: z.record(z.string(), z.unknown()),
    about: z.string().nullable(),
    source: z.string(),
  }),
  z.object({
    kind: z.literal('run'),
    ...at,
    id,
    flowId: id,
    flowName: z.string(),
    state: z.enum(['open', 'ended', 'cancelled']),
    /** How many of its outcomes are of each status. */
    outcomes: z.record(z.string(), z.number().int()),
  }),
  /** A message to her. */
  z.object({
    kind: z.literal('message'),
    ...at,
    id,
    channel: z.string(),
    class: z.string(),
    sender: z.string(),
    /** Null: no longer kept. */
    body: z.string().nullable(),
    parts: z.number().int(),
    runId: id.nullable(),
    state: z.enum(['open', 'done', 'refused', 'unknown']),
    delivery: z.object({ status: z.string(), reason: z.string().nullable() }).nullable(),
  }),
  /** A text of hers that is in the inbox. */
  z.object({
    kind: z.literal('inbox'),
    ...at,
    id,
    channel: z.string(),
    body: z.string(),
    reason: z.string(),
  }),
  z.object({
    kind: z.enum(['consent', 'consent_ended']),
    ...at,
    id,
    channel: z.string(),
    method: z.string(),
    text: z.string(),
    word: z.string().nullable(),
  }),
  z.object({ kind: z.enum(['opt_out', 'opted_back_in']), ...at, channel: z.string(), word: z.string() }),
  z.object({ kind: z.literal('block'), ...at, sender: z.string() }),
  z.object({
    kind: z.literal('linked'),
    ...at,
    service: z.string(),
    diesAt: time.nullable(),
    state: z.string(),
  }),
  z.object({
    kind: z.literal('allowed'),
    ...at,
    purpose: z.enum(['release', 'follow', 'future']),
    about: z.string().nullable(),
    words: z.string(),
  }),
  z.object({
    kind: z.literal('save'),
    ...at,
    releaseId: id,
    about: z.string().nullable(),
    service: z.string(),
    state: z.string(),
  }),
  z.object({
    kind: z.literal('followed'),
    ...at,
    about: z.string().nullable(),
    service: z.string(),
    isUndone: z.boolean(),
  }),
  z.object({ kind: z.literal('segment'), ...at, segmentId: id, about: z.string() }),
]);
