import { z } from 'zod';
import { id } from '#lib/wire.ts';
import { accountProblems, wordProblems, wordScopes } from '../kit/instagram.ts';
import type { TriggerDefinition } from '../trigger.ts';

const config = z.strictObject({
  /** `keyword`: messages with one of the keywords; `any`: every message that no keyword takes. */
  on: z.enum(['keyword', 'any']).default('keyword'),
  keywords: z.array(z.string().max(200)).max(20).default([]),
  match: z.enum(['first', 'exact', 'contains']).default('first'),
  /** The account that is written to. Absent: each one of the project. */
  connectionId: id.optional(),
});
type Config = z.infer<typeof config>;

export const instagramDm: TriggerDefinition<Config> = {
  id: 'instagram-dm',
  label: 'A fan sends an Instagram DM',
  eventTypes: ['instagram.message'],
  config,
  scopes: (trigger, projectId) => wordScopes('instagram-dm', trigger, { projectId, where: '' }),
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  problems: (trigger, context) => [...wordProblems(trigger), ...accountProblems(trigger, context)],
  defaultReentry: { policy: 'cooldown', seconds: 60 },
  callToAction: () => null,
  summary: ({ on, keywords }) =>
    on === 'any'
      ? 'A fan sends any Instagram DM'
      : `A fan sends ${keywords.length === 0 ? 'a keyword' : keywords.join(' or ')} as an Instagram DM`,
  fields: {
    on: {
      label: 'Starts with',
      choices: { keyword: 'messages with a keyword', any: 'any message' },
    },
    keywords: { label: 'Keywords' },
    match: {
      label: 'Matches',
      choices: {
        first: 'messages that begin with the keyword',
        exact: 'only the keyword itself',
        contains: 'messages that contain the keyword',
      },
    },
    connectionId: { label: 'Account', kind: 'connection' },
  },
  permission: () => 'none',
  planFeature: 'instagram',
};
