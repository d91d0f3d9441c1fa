import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { idParams, time } from '#lib/wire.ts';

const count = z.number().int();

/** Of saves that the release does not hold back any more. */
const waiting = z.object({
  /** Their turn comes, as fast as the service lets pass. */
  turn: count,
  /** The fan's link ran out: performed when it is renewed. */
  link: count,
  /** The release has no link on this service yet: looked for, and performed when there is one. */
  work: count,
  /** It is not midnight where the fan lives. */
  midnight: count,
});

export const getReleaseDay = endpoint({
  method: 'GET',
  path: '/releases/{id}/day',
  summary: 'How far the saves of a release have come, how fast they go, and why some failed',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    now: time,
    /** The moment from which saves are performed; where it is each fan's own, the first of them. */
    beginsAt: time,
    services: z.array(
      z.object({
        service: z.string(),
        verified: count,
        accepted: count,
        already: count,
        failed: count,
        waiting,
        /** Performed within the last minute. */
        lastMinute: count,
        /** What the service lets pass, a second; null: no app of the project serves it now. */
        perSecond: z.number().nullable(),
        /** For those whose turn comes; null: nobody can say. */
        secondsLeft: z.number().nullable(),
      }),
    ),
    /** Fans without a save: told that it is out, or about to be. */
    reminders: z.object({ set: count, sent: count, handedOver: count }),
    failures: z.array(z.object({ service: z.string(), reason: z.string(), count })),
  }),
});

export const retrySaves = endpoint({
  method: 'POST',
  path: '/releases/{id}/saves/retry',
  summary: 'Perform once more what failed for a reason; answers how many saves that is',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ service: z.string().max(40), reason: z.string().max(40) }),
  response: z.object({ count }),
});

export type ReleaseDay = z.input<NonNullable<(typeof getReleaseDay)['response']>>;
