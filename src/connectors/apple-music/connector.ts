import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { callsPerSecond } from '../kit/call-rate.ts';
import { appleMusicLinks } from './links.ts';

const tenCharacters = /^[A-Z0-9]{10}$/;

export const appleMusicSettings = z
  .object({
    teamId: z.string().trim().toUpperCase().regex(tenCharacters, 'Ten letters and digits.').meta({
      title: 'Team ID',
      description: 'Ten letters and digits, under Membership details of your Apple Developer account.',
    }),
    keyId: z.string().trim().toUpperCase().regex(tenCharacters, 'Ten letters and digits.').meta({
      title: 'Key ID',
      description: 'Ten letters and digits, beside the key in Certificates, Identifiers & Profiles.',
    }),
    privateKey: z
      .string()
      .trim()
      .max(2_000)
      .regex(
        /^-----BEGIN PRIVATE KEY-----[\s\S]+-----END PRIVATE KEY-----$/,
        'Paste all of the file, from BEGIN PRIVATE KEY to END PRIVATE KEY.',
      )
      .meta({
        title: 'Private key',
        description: 'The whole text of the .p8 file, with its first and last line.',
        format: 'password',
        lines: 6,
      }),
    appName: z.string().trim().min(1).max(60).meta({
      title: 'Name',
      description: 'What fans read when Apple asks them: your artist name is best.',
    }),
    storefront: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z]{2}$/, 'Two letters, as in us or de.')
      .default('us')
      .meta({
        title: 'Storefront',
        description: 'Two letters. Releases are looked up as listeners in this country see them.',
      }),
    callsPerSecond,
  })
  .strict();

export type AppleMusicSettings = z.infer<typeof appleMusicSettings>;

export const appleMusic = {
  id: 'apple-music',
  label: 'Apple Music',
  kind: 'streaming',
  settings: appleMusicSettings,
  secretSettings: ['privateKey'],
  // No call makes a fan follow an artist.
  actions: ['save-album', 'save-track', 'save-playlist'],
  links: appleMusicLinks,
  csp: { image: ['https://*.mzstatic.com'] },
} as const satisfies ConnectorDefinition;
