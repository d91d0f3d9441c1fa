import { z } from 'zod';

/** What `/sandbox/api` takes and gives. Browser-safe. Nothing here exists for a live project. */

export const sandboxApiPath = '/sandbox/api';

/** A fake's own domain time. */
const moment = z.iso.datetime();

/** Who holds a phone of the sandbox. */
export const phoneKinds = ['unknown', 'connected', 'link_ran_out', 'opted_out', 'germany', 'night'] as const;
export type PhoneKind = (typeof phoneKinds)[number];
const phoneKind = z.enum(phoneKinds);

export const demoAnswer = z.object({
  projectId: z.uuid(),
  /** The number that the demo's keyword is texted to. */
  number: z.string(),
  keyword: z.string(),
  flowId: z.uuid(),
  releaseId: z.uuid(),
  artistId: z.uuid(),
  segmentId: z.uuid(),
  /** Accounts that can sign in at the fakes; those that no fan of the demo uses come first. */
  users: z.array(z.object({ connector: z.string(), user: z.string() })),
  /** The fans' phones; `user` is the account that the fan linked. */
  phones: z.array(
    z.object({
      number: z.string(),
      who: phoneKind,
      name: z.string().nullable(),
      user: z.string().nullable(),
    }),
  ),
});
export type DemoAnswer = z.output<typeof demoAnswer>;

/** As carriers write a phone; a text comes from no other kind of sender. */
const phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'Write the number with + and country code: +12125550123.');

export const textToSend = z.strictObject({
  from: phone,
  to: z.string().min(1).max(20),
  /** Whatever a person can type, and worse. */
  body: z.string().max(10_000),
  /** Names the text: with a name used before nothing new is stored, but the webhook is called again. */
  id: z.string().min(1).max(100).optional(),
});
export const textSent = z.object({ id: z.string() });
/** `webhookStatus`: what Segue's webhook answered last; null: nothing. */
export const textNotTaken = z.object({ id: z.string(), webhookStatus: z.number().nullable() });

const limit = z.coerce.number().int().min(1).max(200).default(50);

/** Written by hand, the plus sign of a query stands for a blank. */
const plusNumber = z
  .string()
  .transform((number) => number.replace(/^ /, '+'))
  .pipe(phone);

export const textsQuery = z.strictObject({
  number: plusNumber.optional(),
  /** `in`: to that phone. */
  direction: z.enum(['in', 'out']).optional(),
  limit,
  cursor: z.string().max(100).optional(),
});
export const textsAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      body: z.string(),
      parts: z.number(),
      status: z.string(),
      direction: z.enum(['in', 'out']),
      at: moment,
    }),
  ),
  nextCursor: z.string().nullable(),
  /** When the next text goes that Segue holds back for the `number` of the query. */
  waitsUntil: moment.nullable(),
});

export const mailboxQuery = z.strictObject({
  address: z.string().trim().max(254).optional(),
  limit,
  cursor: z.string().max(100).optional(),
});
/** Mails that reached a mailbox, newest first. */
export const mailboxAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      from: z.string(),
      to: z.string(),
      subject: z.string(),
      text: z.string(),
      html: z.string(),
      headers: z.record(z.string(), z.string()),
      at: moment,
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** The reader marks the mail as spam; a mail server without webhooks tells nobody. */
export const mailComplained = z.object({ id: z.string() });

/** As people are named there; the account knows each by an id of its own. */
const fanName = z
  .string()
  .trim()
  .regex(/^[\w.]{1,30}$/, 'A name there has letters, digits, dots and underscores.');

export const directMessageToWrite = z.strictObject({
  fan: fanName,
  text: z.string().min(1).max(10_000),
  /** `artist`: a person answers the fan in Instagram's own app. */
  by: z.enum(['fan', 'artist']).default('fan'),
  /** Names the message: with a name used before nothing new is stored, but the webhook is called again. */
  id: z.string().min(1).max(100).optional(),
});
export const commentToWrite = z.strictObject({
  fan: fanName,
  postId: z.string().min(1).max(100),
  text: z.string().min(1).max(10_000),
  id: z.string().min(1).max(100).optional(),
});
export const socialSent = z.object({ id: z.string() });

export const socialAnswer = z.object({
  account: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Whom one can be; `address`: as the account knows her. */
  fans: z.array(z.object({ name: z.string(), address: z.string() })),
  posts: z.array(
    z.object({
      id: z.string(),
      caption: z.string(),
      kind: z.enum(['FEED', 'REELS']),
      comments: z.array(z.object({ id: z.string(), fan: z.string(), text: z.string(), at: moment })),
    }),
  ),
});
export type SocialAnswer = z.output<typeof socialAnswer>;

export const directMessageQuery = z.strictObject({ fan: fanName.optional() });
/** Oldest first; `in`: it came to the fan. */
export const directMessagesAnswer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      fan: z.string(),
      text: z.string(),
      direction: z.enum(['in', 'out']),
      /** The comment that it answers privately. */
      commentId: z.string().nullable(),
      at: moment,
    }),
  ),
});

export const libraryQuery = z.strictObject({ user: z.string().regex(/^[\w.@+-]{1,64}$/) });
const entries = z.array(z.object({ uri: z.string(), at: moment }));
export const libraryAnswer = z.object({ user: z.string(), saved: entries, following: entries });

/** The user removes the app in the account settings of the service; Segue is not told. */
export const appToRemove = z.strictObject({ user: libraryQuery.shape.user });
export const appRemoved = appToRemove;

export const callsQuery = z.strictObject({
  /** Calls at or after this moment of domain time. */
  since: z.iso.datetime({ offset: true }).optional(),
});
/** `total` counts all of them; `items` are the newest, at most 1,000, oldest first. */
export const callsAnswer = z.object({
  total: z.number(),
  items: z.array(z.object({ method: z.string(), path: z.string(), status: z.number(), at: moment })),
});

/** Ten years at once: further than any promise, and far from the end of dates. */
const longestAdvanceMs = 10 * 366 * 24 * 3_600_000;
export const clockMove = z.strictObject({ advanceMs: z.number().min(0).max(longestAdvanceMs) });
export const clockAnswer = z.object({ now: moment, offsetMs: z.number() });

export const stopsQuery = z.strictObject({
  /** Whose night and morning; absent: the artist's. */
  number: plusNumber.optional(),
});
const stop = z.object({
  id: z.enum(['text', 'night', 'morning', 'release', 'half_year']),
  at: moment,
  zone: z.string(),
  /** The release's. */
  title: z.string().nullable(),
});
export type ClockStop = z.output<typeof stop>;
export const stopsAnswer = z.object({ now: moment, items: z.array(stop) });

export const idleQuery = z.strictObject({
  timeoutMs: z.coerce.number().int().min(0).max(60_000).default(5_000),
});
export const idleAnswer = z.object({ idle: z.boolean() });

export const faultToSet = z.strictObject({
  connector: z.string().max(40),
  mode: z.enum(['ok', 'slow', 'error', 'rate_limited', 'timeout', 'garbage', 'down']),
  /** Delay of `slow` and `timeout`. */
  ms: z.number().int().min(0).max(120_000).optional(),
  /** How many calls are hit; absent: all, until `ok`. */
  count: z.number().int().min(1).max(1_000_000).optional(),
});
export type FaultToSet = z.output<typeof faultToSet>;
export const faultAnswer = faultToSet;

/** Secrets included: they are a fake's own. */
export const connectionAnswer = z.object({ settings: z.record(z.string(), z.unknown()) });

/** What was broken by hand and not mended since. */
export const faultsAnswer = z.object({ items: z.array(faultToSet) });

export const demoRemoved = z.object({});

/** What the dock of a test project shows. */
export const dockAnswer = z.object({
  isDemo: z.boolean(),
  now: moment,
  /** Where phones text to: the project's numbers, the oldest connection's first. */
  numbers: z.array(z.string()),
  /** What there is to text; null: no started flow that pre-saves has a keyword. */
  keyword: z.string().nullable(),
  phones: z.array(demoAnswer.shape.phones.element.extend({ zone: z.string() })),
  providers: z.array(
    z.object({
      connector: z.string(),
      label: z.string(),
      kind: z.enum(['streaming', 'sms', 'email', 'social']),
    }),
  ),
});
export type DockAnswer = z.output<typeof dockAnswer>;

export const playerQuery = z.strictObject({ number: plusNumber });
const shelf = z.array(z.object({ title: z.string(), releaseId: z.uuid().nullable(), at: moment }));
/** The players of the fan behind a phone; none before she has linked one. */
export const playerAnswer = z.object({
  items: z.array(
    z.object({
      connector: z.string(),
      label: z.string(),
      /** As the service knows her. */
      name: z.string().nullable(),
      /** False: the link ended. */
      isLinked: z.boolean(),
      /** Promised for release day, `at`. */
      waiting: shelf,
      saved: shelf,
      following: shelf,
    }),
  ),
});
export type PlayerAnswer = z.output<typeof playerAnswer>;

/** A worker that is killed in the middle of a burst of texts, and what became of them. */
export const plugAnswer = z.object({
  state: z.enum(['none', 'starting', 'sending', 'recovering', 'done', 'failed']),
  /** Texts from phones in this burst. */
  texts: z.number(),
  /** Answers that reached their phones so far. */
  arrived: z.number(),
  /** When the worker was killed; null: it lives. */
  killedAt: moment.nullable(),
  /** Answers that had arrived by then. */
  arrivedBefore: z.number(),
  /** The process that was killed. */
  pid: z.number().nullable(),
  /** Texts without an answer, and answers beyond the one; null until they can be counted. */
  lost: z.number().nullable(),
  twice: z.number().nullable(),
  /** A sentence, where it failed. */
  problem: z.string().nullable(),
});
export type PlugAnswer = z.output<typeof plugAnswer>;
