import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, sentTime, time } from '#lib/wire.ts';
import { apiEventTypes, subjects } from './event-subjects.ts';

// ---------------------------------------------------------------- events

const fan = z
  .strictObject({
    id: id.optional(),
    phone: z.string().max(40).optional(),
    email: z.string().max(254).optional(),
    instagram: z.string().trim().min(1).max(100).optional(),
  })
  .refine((addresses) => Object.values(addresses).some((value) => value !== undefined), {
    error: 'Name the fan by id, or by at least one address.',
  });

const consent = z.strictObject({
  text: z.string().min(1).max(4_000),
  version: z.string().min(1).max(100),
  obtainedAt: sentTime,
  method: z.string().min(1).max(100),
  sourceUrl: z.url().max(500),
});

const common = {
  fan,
  idempotencyKey: z.string().min(1).max(200),
  occurredAt: sentTime.optional(),
  /** Evidence; needs a key with the scope `consent:write` (R96). */
  consent: consent.optional(),
};

const eventBody = z.discriminatedUnion(
  'type',
  // As: made from a list that is not empty.
  apiEventTypes.map((type) =>
    z.strictObject({ type: z.literal(type), subject: subjects[type], ...common }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
) as unknown as z.ZodType<ApiEvent>; // As: each type has its own subject, which the union's type does not say.

export interface ApiEvent extends z.output<z.ZodObject<typeof common>> {
  type: (typeof apiEventTypes)[number];
  subject: Record<string, string | undefined>;
}

const ignored = z.object({ flowId: id, reason: z.string() });

export const postEvent = endpoint({
  method: 'POST',
  path: '/events',
  summary: 'Say what a fan did. Repeating it with the same key for 30 days changes nothing',
  scope: 'events:write',
  permission: 'send',
  body: eventBody,
  response: z.object({
    eventId: id,
    duplicate: z.boolean(),
    runs: z.array(id),
    ignored: z.array(ignored),
    /** The addresses belong to different fans; nothing was merged. */
    fanConflict: z.boolean().optional(),
  }),
  status: 202,
  otherStatuses: { 200: 'The same event came before' },
});

export const getEvent = endpoint({
  method: 'GET',
  path: '/events/{id}',
  summary: 'One event and what it started',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    id,
    type: z.string(),
    fanId: id.nullable(),
    source: z.string(),
    subject: z.record(z.string(), z.unknown()),
    occurredAt: time,
    acceptedAt: time,
    runs: z.array(id),
    ignored: z.array(ignored),
  }),
});

// ---------------------------------------------------------------- runs

export const runStates = ['queued', 'running', 'held', 'ended', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];

/** Every reason that an outcome can have; some outcomes have none. Each has its words in the catalogue. */
export const reasons = {
  done: ['scheduled', 'already', 'accepted', 'verified', 'reminder_set', 'reminded', 'handed_over'],
  skipped: [
    'no_sender',
    'no_address',
    'no_consent',
    'opted_out',
    'country_off',
    'no_route',
    'provider_block',
    'same_cause',
    'cap',
    'budget',
    'stale',
    'unsubscribed',
    'bounced',
    'sender_not_ready',
    'ig_disconnected',
    'ig_window',
    'ig_reply_used',
    'ig_reply_expired',
    'ig_person',
    'not_connected',
    'needs_ok',
    'grant_dead',
    'unsupported',
    'cancelled',
    'stopped',
    'release_cancelled',
    'flow_deleted',
    'erased',
  ],
  held: ['quiet_hours', 'lane', 'flow_paused', 'opt_out_doubt', 'sending_stopped', 'bug'],
  deferred: ['not_connected', 'needs_ok', 'grant_dead', 'provider_block', 'ig_disconnected', 'same_promise'],
  failed: ['refused', 'undeliverable', 'gave_up', 'bug'],
  unknown: ['maybe_done'],
} as const;
export type ReasonOf<Status extends keyof typeof reasons> = (typeof reasons)[Status][number];

const stepStatuses = ['running', 'done', 'skipped', 'held', 'deferred', 'failed', 'unknown'] as const;

const step = z.object({
  position: z.number().int(),
  step: z.string(),
  service: z.string().nullable(),
  status: z.enum(['pending', ...stepStatuses]),
  reason: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  attempts: z.number().int(),
  providerId: z.string().nullable(),
  credits: z.number().int(),
  waitingFor: z.object({ what: z.string(), until: time.nullable(), deadlineAt: time }).nullable(),
  delivery: z.object({ status: z.string(), at: time, reason: z.string().nullable() }).nullable(),
  history: z.array(z.object({ status: z.string(), reason: z.string().nullable(), at: time })),
});

export const run = z.object({
  id,
  flowId: id,
  flowVersion: z.number().int(),
  fanId: id,
  eventId: id,
  state: z.enum(runStates),
  openSteps: z.number().int(),
  startedAt: time,
  endedAt: time.nullable(),
  steps: z.array(step),
});
export type RunView = z.input<typeof run>;
export type RunStepView = z.input<typeof step>;

export const listRuns = endpoint({
  method: 'GET',
  path: '/runs',
  summary: 'Runs, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({
    ...pageQuery,
    flowId: id.optional(),
    fanId: id.optional(),
    eventId: id.optional(),
    state: z.enum(runStates).optional(),
    /** Runs with such an outcome. A page of a search may be short: go on while there is a cursor. */
    status: z.enum(stepStatuses).optional(),
    reason: z.string().max(40).optional(),
    /** Runs that started then or later. */
    since: sentTime.optional(),
  }),
  response: page(run),
});

export const streamRuns = endpoint({
  method: 'GET',
  path: '/runs/stream',
  summary: 'Server-sent events `run`, each a whole run, when one of the 50 newest or a named one changes',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ flowId: id.optional(), runId: id.optional() }),
  streams: true,
});

export const getRun = endpoint({
  method: 'GET',
  path: '/runs/{id}',
  summary: 'One run, step by step',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: run,
});

const someIds = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(id).min(1).max(200));

export const listRunNames = endpoint({
  method: 'GET',
  path: '/run-names',
  summary: 'Whose runs they are, and of which flows, those that are deleted too: `ids` with commas between',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ids: someIds }),
  response: z.object({
    items: z.array(
      z.object({
        runId: id,
        flowName: z.string(),
        fanName: z.string().nullable(),
        /** Her number, else her e-mail address or Instagram name. */
        fanAddress: z.string().nullable(),
      }),
    ),
  }),
});

export const getRunStory = endpoint({
  method: 'GET',
  path: '/runs/{id}/story',
  summary: 'What a run is about in words: what the fan did, what each step was to do, what providers said',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    /** Null: no longer kept. */
    event: z
      .object({
        type: z.string(),
        source: z.string(),
        occurredAt: time,
        subject: z.record(z.string(), z.unknown()),
      })
      .nullable(),
    steps: z.array(
      z.object({
        position: z.number().int(),
        step: z.string(),
        summary: z.string(),
        /** One sentence from the provider or the engine, by service; absent where the reason says all. */
        details: z.array(z.object({ service: z.string().nullable(), detail: z.string() })),
      }),
    ),
  }),
});

const runMessage = z.object({
  id,
  position: z.number().int(),
  channel: z.string(),
  from: z.string(),
  to: z.string(),
  /** Null: no longer kept. */
  body: z.string().nullable(),
  parts: z.number().int(),
  credits: z.number().int(),
  sentAt: time,
  state: z.enum(['open', 'done', 'refused', 'unknown']),
  attempt: z.number().int(),
  providerId: z.string().nullable(),
});
export type RunMessage = z.output<typeof runMessage>;

export const getRunMessages = endpoint({
  method: 'GET',
  path: '/runs/{id}/messages',
  summary: 'What was sent in a run, with its words, oldest first',
  scope: 'read',
  permission: 'see-addresses',
  params: idParams,
  response: z.object({ items: z.array(runMessage) }),
});

export const cancelRun = endpoint({
  method: 'POST',
  path: '/runs/{id}/cancel',
  summary: 'End a run: nothing of it is started any more',
  scope: 'write',
  permission: 'activate',
  params: idParams,
  response: run,
});
