import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { callsPerSecond } from '../kit/call-rate.ts';
import { tidalLinks } from './links.ts';

export const tidalSettings = z
  .object({
    clientId: z.string().trim().min(1).max(200).meta({
      title: 'Client ID',
      description: 'From your app in the TIDAL developer portal.',
    }),
    clientSecret: z.string().trim().min(1).max(300).meta({
      title: 'Client secret',
      description: 'From the same page. The catalogue cannot be read without it.',
    }),
    countryCode: z
      .string()
      .trim()
      .toUpperCase()
      .regex(/^[A-Z]{2}$/)
      .default('US')
      .meta({
        title: 'Country',
        description: 'Two letters. Releases are looked up as people in this country see them.',
      }),
    callsPerSecond,
  })
  .strict();

export type TidalSettings = z.infer<typeof tidalSettings>;

export const tidal = {
  id: 'tidal',
  label: 'TIDAL',
  kind: 'streaming',
  settings: tidalSettings,
  secretSettings: ['clientSecret'],
  actions: ['save-album', 'save-track', 'save-playlist', 'follow-artist'],
  links: tidalLinks,
  csp: {
    formAction: ['https://login.tidal.com'],
    image: ['https://resources.tidal.com'],
  },
} as const satisfies ConnectorDefinition;
