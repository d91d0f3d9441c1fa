import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, time } from '#lib/wire.ts';
import { textSize } from '#messages/contract.ts';
import { anyStep, anyTrigger } from '../contract.ts';

const count = z.number().int().nullable();

/** What an editor has to know of its project to say beforehand what a flow will do. */
export const getFlowFacts = endpoint({
  method: 'GET',
  path: '/flow-facts',
  summary: 'Senders, services and limits that decide when a step runs, waits or is skipped',
  scope: 'read',
  permission: 'see',
  response: z.object({
    now: time,
    isLive: z.boolean(),
    programme: z.string(),
    legalSender: z.string(),
    termsUrl: z.string(),
    privacyUrl: z.string(),
    /** Texts to one fan in a month. */
    monthlyCap: z.number().int(),
    /** Null: without limit. `active`: flows that are active now. */
    plan: z.object({
      label: z.string(),
      maxSteps: count,
      maxActive: count,
      active: z.number().int(),
      instagram: z.boolean(),
      newReleaseTrigger: z.boolean(),
    }),
    /** Streaming apps of the project that are switched on. */
    services: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        canSave: z.boolean(),
        canFollow: z.boolean(),
        isForTesters: z.boolean(),
        linkDays: z.number().int().nullable(),
      }),
    ),
    /** Addresses that mails leave from, oldest connection first. */
    emailSenders: z.array(
      z.object({
        connectionId: id,
        label: z.string(),
        value: z.string(),
        /** Proven by the DNS, not paused, and the project has a postal address (R113). */
        isReady: z.boolean(),
      }),
    ),
    /** Instagram accounts that are signed in, oldest connection first. */
    accounts: z.array(
      z.object({ connectionId: id, label: z.string(), value: z.string(), isReady: z.boolean() }),
    ),
    /** Numbers that texts come in to and leave from, oldest connection first. */
    senders: z.array(
      z.object({
        connectionId: id,
        label: z.string(),
        value: z.string(),
        isReady: z.boolean(),
        /** When fans of its country may be texted on a weekday, minutes after their midnight. */
        openHours: z.object({ from: z.number().int(), to: z.number().int() }),
        /** Whether a texted keyword can be consent there (R99). */
        acceptsKeywordAsConsent: z.boolean(),
        /** Stands in the words beside a keyword (R115). */
        ageLine: z.string(),
      }),
    ),
  }),
});

export const findFlowConflicts = endpoint({
  method: 'POST',
  path: '/flow-conflicts',
  summary: 'Active flows that already have what this trigger would take, before it is activated',
  scope: 'read',
  permission: 'see',
  body: z.strictObject({
    trigger: anyTrigger,
    /** The flow that the trigger is for: it is not in its own way. */
    flowId: id.optional(),
  }),
  response: z.object({
    items: z.array(
      z.object({
        /** Null: a flow of another project that shares the number. */
        flowId: id.nullable(),
        flowName: z.string(),
        words: z.string(),
      }),
    ),
  }),
});

const piece = z.object({
  /** `system`: added by Segue, not to be edited away. */
  by: z.enum(['artist', 'system']),
  text: z.string(),
});

const previewBody = z.strictObject({
  trigger: anyTrigger,
  steps: z.array(anyStep).max(50),
  /** Of the message among the steps, from 1. */
  position: z.number().int().min(1).max(50),
});

/** Who reads it: someone new, one who linked a service, one whose link ended, one who comes again. */
const reader = z.enum(['new', 'linked', 'link_ended', 'again']);

export const previewFlowText = endpoint({
  method: 'POST',
  path: '/flow-previews',
  summary: 'A text of a flow as fans will read it, in each way the steps before it may end',
  scope: 'read',
  permission: 'see',
  body: previewBody,
  response: z.object({
    readings: z.array(
      z.object({
        reader,
        pieces: z.array(piece),
        ...textSize,
      }),
    ),
    /** Why it cannot be shown; null: it can. */
    problem: z.string().nullable(),
  }),
});

const link = { label: z.string(), url: z.string() };
const mailBlock = z.discriminatedUnion('kind', [
  z.object({
    kind: z.enum(['paragraph', 'heading']),
    parts: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.enum(['text', 'strong']), text: z.string() }),
        z.object({ kind: z.literal('link'), ...link }),
      ]),
    ),
  }),
  z.object({ kind: z.literal('button'), ...link }),
]);

export const previewFlowEmail = endpoint({
  method: 'POST',
  path: '/flow-previews/email',
  summary: 'A mail of a flow as fans will read it, in each way the steps before it may end',
  scope: 'read',
  permission: 'see',
  body: previewBody,
  response: z.object({
    readings: z.array(
      z.object({
        reader,
        subject: z.string(),
        html: z.string(),
        text: z.string(),
        /** What the artist wrote, in pieces. */
        blocks: z.array(mailBlock),
        /** Lines that Segue adds below. */
        footer: z.array(z.string()),
      }),
    ),
    /** Why it cannot be shown; null: it can. */
    problem: z.string().nullable(),
  }),
});
