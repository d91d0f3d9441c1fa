import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { youtubeLinks } from './links.ts';

export const youtubeSettings = z
  .object({
    clientId: z.string().trim().min(1).max(200).meta({
      title: 'Client ID',
      description: 'Of the OAuth client, from the Google Cloud console.',
    }),
    clientSecret: z.string().trim().min(1).max(200).meta({
      title: 'Client secret',
      description: 'From the same page.',
    }),
    apiKey: z.string().trim().min(1).max(200).optional().meta({
      title: 'API key',
      description: 'Optional. With it links such as youtube.com/@name and videos can be looked up.',
    }),
    status: z.enum(['testing', 'production']).default('testing').meta({
      title: 'Publishing status',
      description: 'What the OAuth consent screen says. In testing a fan’s link ends after seven days.',
    }),
    namedTesters: z.array(z.string().trim().min(1).max(254)).max(100).default([]).meta({
      title: 'Test users',
      description: 'In testing only: the Google accounts entered as test users. Only they can sign in.',
    }),
    unitsPerDay: z.number().int().min(1).max(100_000_000).default(10_000).meta({
      title: 'Units a day',
      description: 'The quota of the project. A subscription costs 50, so 10,000 are about 200 a day.',
    }),
  })
  .strict();

export type YoutubeSettings = z.infer<typeof youtubeSettings>;

export const youtube = {
  id: 'youtube',
  label: 'YouTube',
  kind: 'streaming',
  settings: youtubeSettings,
  secretSettings: ['clientSecret', 'apiKey'],
  actions: ['follow-artist'],
  isRevocable: true,
  links: youtubeLinks,
  csp: { formAction: ['https://accounts.google.com'], image: ['https://i.ytimg.com'] },
} as const satisfies ConnectorDefinition;
