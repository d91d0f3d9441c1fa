import { z } from 'zod';
import { id } from '#lib/wire.ts';
import { accountProblems, wordProblems, wordScopes } from '../kit/instagram.ts';
import type { TriggerDefinition } from '../trigger.ts';

const config = z.strictObject({
  /** `keyword`: comments with one of the keywords; `any`: every comment that no keyword takes. */
  on: z.enum(['keyword', 'any']).default('keyword'),
  keywords: z.array(z.string().max(200)).max(20).default([]),
  match: z.enum(['first', 'exact', 'contains']).default('first'),
  /** The post's id. Absent: all posts of the account. */
  mediaId: z
    .string()
    .trim()
    .regex(/^\w{1,100}$/, 'The id of a post is a number.')
    .optional(),
  /** Only the first comment that a fan writes there; later ones start nothing. */
  onlyFirst: z.boolean().default(false),
  /** The account whose posts they are. Absent: each one of the project. */
  connectionId: id.optional(),
});
type Config = z.infer<typeof config>;

export const instagramComment: TriggerDefinition<Config> = {
  id: 'instagram-comment',
  label: 'A fan comments on Instagram',
  eventTypes: ['instagram.comment'],
  config,
  scopes(trigger, projectId) {
    const { mediaId } = trigger;
    const where = mediaId === undefined ? '' : ` on the post ${mediaId}`;
    return wordScopes('instagram-comment', trigger, { projectId, place: mediaId ?? 'all', where });
  },
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  problems: (trigger, context) => [...wordProblems(trigger), ...accountProblems(trigger, context)],
  defaultReentry: { policy: 'cooldown', seconds: 60 },
  callToAction: () => null,
  summary({ on, keywords, mediaId }) {
    const where = mediaId === undefined ? 'on Instagram' : 'on one Instagram post';
    const what = keywords.length === 0 ? 'a keyword' : keywords.join(' or ');
    return on === 'any' ? `A fan comments ${where}` : `A fan comments ${what} ${where}`;
  },
  fields: {
    on: {
      label: 'Starts with',
      choices: { keyword: 'comments with a keyword', any: 'any comment' },
    },
    keywords: { label: 'Keywords' },
    match: {
      label: 'Matches',
      choices: {
        first: 'comments that begin with the keyword',
        exact: 'only the keyword itself',
        contains: 'comments that contain the keyword',
      },
    },
    mediaId: { label: 'Post', help: 'The id of one post. Empty: comments on all posts.' },
    onlyFirst: {
      label: 'Only a fan’s first comment',
      help: 'Later comments of the same fan there start nothing.',
    },
    connectionId: { label: 'Account', kind: 'connection' },
  },
  permission: () => 'none',
  planFeature: 'instagram',
};
