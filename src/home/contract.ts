import { z } from 'zod';
import { pauseReasons } from '#flows/contract.ts';
import { endpoint } from '#lib/endpoint.ts';
import { id, time } from '#lib/wire.ts';

const count = z.number().int();

const happened = z.object({
  newFans: count,
  /** Texts from fans. */
  textsIn: count,
  /** Messages to fans. */
  messagesOut: count,
  runs: count,
  /** What steps came to; that of very many runs is counted by whole days, in UTC, some minutes later. */
  outcomes: z.object({
    done: count,
    skipped: count,
    held: count,
    deferred: count,
    failed: count,
    unknown: count,
  }),
});
export type Happened = z.output<typeof happened>;

const needs = z.object({
  /** Texts that may mean STOP and wait for a decision (R41). */
  doubts: count,
  unread: count,
  /** Sends of which nobody knows whether they arrived. */
  unknownSends: count,
  /** Links to services that end within 30 days (R58). */
  dyingGrants: z.object({ count, firstDiesAt: time.nullable() }),
  /** Connections that do not work. */
  connections: z.array(
    z.object({ id, label: z.string(), state: z.string(), lastError: z.string().nullable() }),
  ),
  /** Addresses from which no mail leaves, or soon none will (R113). */
  emailSenders: z.array(
    z.object({
      id,
      address: z.string(),
      trouble: z.enum(['paused', 'not_verified', 'complaints', 'bounces']),
    }),
  ),
  /** Of the last seven days, most first. */
  failures: z.array(z.object({ flowId: id, flowName: z.string(), reason: z.string(), count })),
  /** Flows that Segue paused itself, with the reason. */
  pausedFlows: z.array(z.object({ id, name: z.string(), reason: z.enum(pauseReasons) })),
  /** What of the month's allowance, or of a budget of the day or of a flow's month, is gone to four fifths. */
  budgets: z.array(
    z.object({
      account: z.string(),
      span: z.enum(['month', 'day', 'flow']),
      /** Of a flow's budget. */
      flowName: z.string().nullable(),
      used: count,
      allowance: count,
    }),
  ),
});
export type Needs = z.output<typeof needs>;

export const getHome = endpoint({
  method: 'GET',
  path: '/home',
  summary: 'What happened since the caller was last here, what needs a person, and the next release',
  scope: 'read',
  permission: 'see',
  response: z.object({
    /** At most seven days ago. */
    since: time,
    /** False: the caller has not been here before. */
    wasHere: z.boolean(),
    happened,
    needs,
    /** What there is to begin with. */
    has: z.object({ fans: z.boolean(), flows: z.boolean(), releases: z.boolean(), senders: z.boolean() }),
    nextRelease: z
      .object({
        id,
        title: z.string(),
        artistName: z.string(),
        kind: z.enum(['album', 'track', 'playlist']),
        releaseAt: time,
        releaseMode: z.enum(['global', 'local']),
        artwork: z
          .object({
            colour: z.string(),
            images: z.array(z.object({ width: count, url: z.string() })),
          })
          .nullable(),
        saves: z.array(z.object({ service: z.string(), state: z.string(), count })),
      })
      .nullable(),
  }),
});

export const visitHome = endpoint({
  method: 'POST',
  path: '/home/visit',
  summary: 'Note that the caller is here; visits within half an hour are one',
  scope: 'read',
  permission: 'see',
});
