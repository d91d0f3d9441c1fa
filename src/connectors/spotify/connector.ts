import { z } from 'zod';
import type { ConnectorDefinition } from '../connector.ts';
import { spotifyLinks } from './links.ts';

/** A development-mode app serves at most five people (Spotify, February 2026). */
export const maxNamedTesters = 5;

export const spotifySettings = z
  .object({
    clientId: z.string().trim().min(1).max(100).meta({
      title: 'Client ID',
      description: 'From the app page of the Spotify developer dashboard.',
    }),
    clientSecret: z.string().trim().min(1).max(200).optional().meta({
      title: 'Client secret',
      description:
        'Optional. With it a refresh token stays the same for its whole life; without it every refresh replaces the token.',
    }),
    mode: z.enum(['development', 'extended']).default('development').meta({
      title: 'Quota mode',
      description: 'What the developer dashboard says. A new app is in development mode.',
    }),
    ownerAccount: z.string().trim().max(254).optional().meta({
      title: 'Owner of the app',
      description:
        'The account that has to keep Premium, or the app stops. Apps of one owner share a quota: name the owner alike in each, and they wait together when it is used up.',
    }),
    namedTesters: z.array(z.string().trim().min(1).max(254)).max(maxNamedTesters).default([]).meta({
      title: 'Named testers',
      description:
        'Development mode only: the accounts (e-mail or account id) that are entered under User Management of the app. Only these fans are sent to the sign-in.',
    }),
    callsPer30Seconds: z.number().int().min(1).max(1_000_000).optional().meta({
      title: 'Calls per 30 seconds',
      description: 'Optional. Lower it if Spotify answers "too many requests" often.',
    }),
  })
  .strict()
  .check((context) => {
    const { mode, namedTesters } = context.value;
    if (mode === 'development' || namedTesters.length === 0) return;
    context.issues.push({
      code: 'custom',
      path: ['namedTesters'],
      message: 'Named testers belong to development mode: an app in extended mode serves everyone.',
      input: namedTesters,
    });
  });

export type SpotifySettings = z.infer<typeof spotifySettings>;

export const spotify = {
  id: 'spotify',
  label: 'Spotify',
  kind: 'streaming',
  settings: spotifySettings,
  secretSettings: ['clientSecret'],
  actions: ['save-album', 'save-track', 'save-playlist', 'follow-artist'],
  links: spotifyLinks,
  csp: {
    formAction: ['https://accounts.spotify.com'],
    image: ['https://i.scdn.co'],
  },
} as const satisfies ConnectorDefinition;
