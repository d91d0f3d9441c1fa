import type { Http } from '#lib/http.ts';
import type { StreamingAction } from '../connector.ts';
import { createCodeFlow, sixMonthsAfter, type CodeFlow } from '../kit/code-flow.ts';
import type { SpotifySettings } from './connector.ts';
import { rateWindowMs } from './errors.ts';

const scopesByAction: Record<StreamingAction, readonly string[]> = {
  'save-album': ['user-library-modify'],
  'save-track': ['user-library-modify'],
  'save-playlist': ['playlist-modify-public'],
  // A follow is read back, since the call's reference does not name artists.
  'follow-artist': ['user-follow-modify', 'user-follow-read'],
};

/**
 * Signing in at Spotify's accounts host, with or without the client secret. Spotify ends a refresh
 * token six calendar months after the sign-in (apps made since 2026-06-18).
 */
export function createOauth(input: {
  http: Http;
  settings: SpotifySettings;
  now: () => Date;
  accountsUrl: string;
}): CodeFlow {
  const { http, settings, now, accountsUrl } = input;
  return createCodeFlow({
    http,
    label: 'Spotify',
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    now,
    authorizeUrl: `${accountsUrl}/authorize`,
    tokenUrl: `${accountsUrl}/api/token`,
    scopesByAction,
    diesAt: sixMonthsAfter,
    usualWaitMs: rateWindowMs,
  });
}
