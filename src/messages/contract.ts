import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';

/** How long a text is, as carriers count. */
export const textSize = {
  parts: z.number().int(),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  characters: z.number().int(),
  units: z.number().int(),
  /** To a number of the sender's own country. */
  credits: z.number().int(),
  /** What costs a part or more, and how many there would be without it; null: nothing does. */
  lighter: z
    .object({ emoji: z.number().int(), letters: z.array(z.string()), parts: z.number().int() })
    .nullable(),
};

export const previewMessage = endpoint({
  method: 'POST',
  path: '/messages/preview',
  summary: 'What a text costs: parts as carriers count them (curly quotes are sent plainly)',
  scope: 'read',
  permission: 'see',
  body: z.strictObject({
    channel: z.literal('sms'),
    text: z.string().max(10_000),
    /** Count the programme name too, which begins every text (R124). */
    withProgramme: z.boolean().default(false),
  }),
  response: z.object(textSize),
});

const inboxMessage = z.object({
  id,
  fanId: id.nullable(),
  fanName: z.string().nullable(),
  channel: z.string(),
  from: z.string(),
  to: z.string(),
  body: z.string(),
  /**
   * Why no flow answered it: nothing matched; it may mean STOP (R41); its sender had opted out; the
   * country is not switched on (R127).
   */
  reason: z.string(),
  /** Of a text, where its number is from; null: nobody can tell. */
  country: z.string().nullable(),
  receivedAt: time,
  readAt: time.nullable(),
  doneAt: time.nullable(),
  decision: z.enum(['opt_out', 'not_opt_out']).nullable(),
  decidedAt: time.nullable(),
  /** `person:ID`, or `system` after five business days. */
  decidedBy: z.string().nullable(),
  /** No text goes to this fan until somebody has decided. */
  isHeld: z.boolean(),
  /** Texts to this fan that wait. */
  waitingTexts: z.number().int(),
});
export type InboxMessage = z.input<typeof inboxMessage>;

export const listInbox = endpoint({
  method: 'GET',
  path: '/inbox',
  summary: 'Texts that no flow answered: those that may mean STOP first, then newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ...pageQuery, view: z.enum(['open', 'done', 'all']).default('open') }),
  response: page(inboxMessage),
});

export const countInbox = endpoint({
  method: 'GET',
  path: '/inbox/counts',
  summary: 'How many of the newest 200 open texts are unread, and how many wait for a decision',
  scope: 'read',
  permission: 'see',
  response: z.object({ unread: z.number().int(), doubts: z.number().int() }),
});

export const getInboxMessage = endpoint({
  method: 'GET',
  path: '/inbox/{id}',
  summary: 'One text of the inbox',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: inboxMessage,
});

export const markInboxMessage = endpoint({
  method: 'PUT',
  path: '/inbox/{id}',
  summary: 'Mark a text as read or done; one that may mean STOP is done by deciding',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ isRead: z.boolean().optional(), isDone: z.boolean().optional() }),
  response: inboxMessage,
});

export const decideDoubt = endpoint({
  method: 'POST',
  path: '/inbox/{id}/decide',
  summary: 'Say whether a text meant STOP: it ends consent and is confirmed, or what was held goes on (R41)',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ decision: z.enum(['opt_out', 'not_opt_out']) }),
  response: inboxMessage,
});

export const stopFan = endpoint({
  method: 'POST',
  path: '/fans/{id}/stop',
  summary: 'A fan asked by other means to get no more texts or mails; only the fan can take it back',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ channel: z.enum(['sms', 'email']) }),
});

export const passOnNumber = endpoint({
  method: 'POST',
  path: '/fans/{id}/number-passed-on',
  summary:
    'The fan’s number belongs to somebody else now: her agreements to texts end, and whoever texts from it next is a new fan',
  scope: 'write',
  permission: 'edit',
  params: idParams,
});
