import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { idParams } from '#lib/wire.ts';

const words = z.string().trim().min(1, 'Write what these fans read.').max(1_600);
const variants = {
  /** It is in their library. */
  saved: words,
  /** The service took it; it may be visible only later. */
  accepted: words,
  /** They linked no service: told that it is out. */
  reminded: words,
  /** It did not work. */
  failed: words,
};

const text = z.strictObject(variants);
const mail = z.strictObject({
  subject: z.string().trim().min(1, 'A mail needs a subject.').max(200),
  ...variants,
});

export type TextWords = z.infer<typeof text>;
export type MailWords = z.infer<typeof mail>;

const shape = { text: text.nullable(), mail: mail.nullable() };

export const getReleaseMessage = endpoint({
  method: 'GET',
  path: '/releases/{id}/message',
  summary: 'What fans with a pre-save or a reminder hear on release day, by what came of it; null: nothing',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object(shape),
});

export const setReleaseMessage = endpoint({
  method: 'PUT',
  path: '/releases/{id}/message',
  summary:
    'Write it, or with null take it away. Liquid, with fan.name artist.name release.title release.date links.connect links.undo',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject(shape),
  response: z.object(shape),
});

export const outcomes = ['saved', 'accepted', 'reminded', 'failed'] as const;
export type ToldOutcome = (typeof outcomes)[number];
