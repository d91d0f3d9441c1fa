import { z } from 'zod';
import { id } from '#lib/wire.ts';

const text = z.string().max(1_600);
const release = z.strictObject({ releaseId: id, service: z.string().min(1).max(40).optional() });
const artist = z.strictObject({ artistId: id });

/** Events that may come from outside, with what each is about. */
export const subjects = {
  'sms.keyword': z.strictObject({ keyword: text.min(1), connectionId: id.optional() }),
  'sms.opted_in': z.strictObject({}),
  'email.opted_in': z.strictObject({}),
  'release.presaved': release,
  'release.saved': release,
  'artist.followed': artist,
  'nextsave.opted_in': artist,
  'instagram.message': z.strictObject({ text, connectionId: id.optional() }),
  'instagram.comment': z.strictObject({
    commentId: z.string().min(1).max(200),
    mediaId: z.string().min(1).max(200),
    text,
    connectionId: id.optional(),
  }),
} as const;

export type ApiEventType = keyof typeof subjects;
export const apiEventTypes = Object.keys(subjects) as [ApiEventType, ...ApiEventType[]]; // not empty, as above
