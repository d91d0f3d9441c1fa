import { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import { GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { Http, HttpResponse } from '#lib/http.ts';
import type { StreamingAction, StreamingClient, Tokens } from '../connector.ts';
import { sendRepeatable } from './calls.ts';
import type { SpotifySettings } from './connector.ts';
import { parseJson, redact, toRateLimit } from './errors.ts';

/** How long everything waits when Spotify refuses the app itself: the operator has to mend a setting. */
const appRefusedPauseMs = 10 * 60_000;

const scopesByAction: Record<StreamingAction, readonly string[]> = {
  'save-album': ['user-library-modify'],
  'save-track': ['user-library-modify'],
  'save-playlist': ['playlist-modify-public'],
  // A follow is read back, since the call's reference does not name artists.
  'follow-artist': ['user-follow-modify', 'user-follow-read'],
};

const tokenBody = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().optional(),
});
const tokenErrorBody = z.object({
  error: z.string(),
  error_description: z.string().optional().catch(undefined),
});

export interface OauthOptions {
  http: Http;
  settings: SpotifySettings;
  /** Domain time. */
  now: () => Date;
  authorizeUrl: string;
  tokenUrl: string;
}

type TokenSide = Omit<StreamingClient['oauth'], 'identify'>;

/** Authorisation code with PKCE (S256), with or without the client secret. */
export function createOauth({ http, settings, now, authorizeUrl, tokenUrl }: OauthOptions): TokenSide {
  const basic = Buffer.from(`${settings.clientId}:${settings.clientSecret ?? ''}`).toString('base64');
  /** What the app itself must never show. */
  const appSecrets = [settings.clientSecret ?? '', basic];

  async function ask(what: string, form: Record<string, string>): Promise<HttpResponse> {
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    const fields = new URLSearchParams(form);
    if (settings.clientSecret === undefined) {
      fields.set('client_id', settings.clientId);
    } else {
      headers['authorization'] = `Basic ${basic}`;
    }
    return sendRepeatable(http, what, { method: 'POST', url: tokenUrl, headers, body: fields.toString() });
  }

  function readTokens(response: HttpResponse, what: string, before?: Tokens): Tokens {
    const parsed = tokenBody.safeParse(parseJson(response.text));
    if (!parsed.success) {
      throw new RetryLater(`Spotify: ${what}: ${response.status}, an answer that cannot be read`);
    }
    const { access_token, expires_in, refresh_token, scope } = parsed.data;
    return {
      accessToken: access_token,
      // A refresh without a new token keeps the old one.
      refreshToken: refresh_token ?? before?.refreshToken ?? null,
      expiresAt: new Date(now().getTime() + expires_in * 1_000),
      scopes: scope === undefined ? (before?.scopes ?? []) : scope.split(' ').filter((name) => name !== ''),
    };
  }

  return {
    scopesFor: (actions) => [...new Set(actions.flatMap((action) => scopesByAction[action]))],

    authorizeUrl({ redirectUri, state, codeChallenge, scopes }) {
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: settings.clientId,
        redirect_uri: redirectUri,
        state,
        scope: scopes.join(' '),
        code_challenge_method: 'S256',
        code_challenge: codeChallenge,
      });
      return `${authorizeUrl}?${query.toString()}`;
    },

    async exchange({ code, codeVerifier, redirectUri }) {
      const response = await ask('sign-in', {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: codeVerifier,
      });
      if (response.status === 200) return readTokens(response, 'sign-in');
      const { error, text } = readTokenError(response, [code, codeVerifier, ...appSecrets]);
      // Somebody is waiting at the screen: a refusal of the app is as final for them as a spent code.
      if (error !== undefined) throw new GiveUp(`Spotify: sign-in: ${text}`);
      throw toTokenFailure(response, 'sign-in');
    },

    async refresh(tokens) {
      if (tokens.refreshToken === null) throw new NeedsReconnect('Spotify: no refresh token was given');
      const response = await ask('refresh', {
        grant_type: 'refresh_token',
        refresh_token: tokens.refreshToken,
      });
      if (response.status === 200) return readTokens(response, 'refresh', tokens);
      const { error, text } = readTokenError(response, [tokens.refreshToken, ...appSecrets]);
      if (error === 'invalid_grant') throw new NeedsReconnect(`Spotify: the authorisation is over (${text})`);
      if (error !== undefined) {
        // The app's fault, not the fan's: their authorisation must outlive a mistyped secret.
        const at = new Date(systemClock.now().getTime() + appRefusedPauseMs);
        throw new RetryLater(`Spotify refuses the app; check client id and secret (${text})`, at, {
          isLaneWide: true,
        });
      }
      throw toTokenFailure(response, 'refresh');
    },

    diesAt: sixMonthsAfter,
  };
}

/**
 * Spotify ends a refresh token six calendar months after the sign-in (apps made since 2026-06-18).
 * A day that the sixth month lacks (31 August → 31 February) becomes that month's last day: the
 * earlier reading, so that nobody is asked too late.
 */
export function sixMonthsAfter(authorisedAt: Date): Date {
  const end = new Date(authorisedAt);
  end.setUTCMonth(end.getUTCMonth() + 6);
  if (end.getUTCDate() !== authorisedAt.getUTCDate()) end.setUTCDate(0);
  return end;
}

/** `error` only for a 4xx in the shape of RFC 6749; a 5xx or a 429 says nothing about the request. */
function readTokenError(
  response: HttpResponse,
  secrets: readonly string[],
): { error: string | undefined; text: string } {
  if (response.status < 400 || response.status >= 500 || response.status === 429)
    return { error: undefined, text: '' };
  const parsed = tokenErrorBody.safeParse(parseJson(response.text));
  if (!parsed.success) return { error: undefined, text: '' };
  const { error, error_description: description } = parsed.data;
  return { error, text: redact(description === undefined ? error : `${error}: ${description}`, secrets) };
}

function toTokenFailure(response: HttpResponse, what: string): RetryLater {
  if (response.status === 429) return toRateLimit(response);
  return new RetryLater(`Spotify: ${what}: ${response.status}, an answer that cannot be read`);
}
