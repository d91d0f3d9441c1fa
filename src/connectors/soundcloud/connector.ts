import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { callsPerSecond } from '../kit/call-rate.ts';
import { soundcloudLinks } from './links.ts';

export const soundcloudSettings = z
  .object({
    clientId: z.string().trim().min(1).max(200).meta({
      title: 'Client ID',
      description: 'From your app at soundcloud.com/you/apps.',
    }),
    clientSecret: z.string().trim().min(1).max(300).meta({
      title: 'Client secret',
      description: 'From the same page.',
    }),
    callsPerSecond,
  })
  .strict();

export type SoundcloudSettings = z.infer<typeof soundcloudSettings>;

export const soundcloud = {
  id: 'soundcloud',
  label: 'SoundCloud',
  kind: 'streaming',
  settings: soundcloudSettings,
  secretSettings: ['clientSecret'],
  actions: ['save-album', 'save-track', 'save-playlist', 'follow-artist'],
  isRevocable: true,
  links: soundcloudLinks,
  csp: {
    formAction: ['https://secure.soundcloud.com'],
    image: ['https://i1.sndcdn.com'],
  },
} as const satisfies ConnectorDefinition;
