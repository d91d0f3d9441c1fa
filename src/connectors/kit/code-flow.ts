import { z } from 'zod';
import { GiveUp, NeedsReconnect } from '#lib/errors.ts';
import type { Http, HttpResponse } from '#lib/http.ts';
import type { RedirectSignIn, StreamingAction, StreamingClient, Tokens } from '../connector.ts';
import { parseJson, redact, sendRepeatable, tooMany, unreadable, waitAll } from './answers.ts';

/** How long everything waits when the provider refuses the app itself: the operator has to mend a setting. */
const appRefusedPauseMs = 10 * 60_000;

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

export interface CodeFlowOptions {
  http: Http;
  label: string;
  clientId: string;
  clientSecret?: string | undefined;
  /** Where the secret goes, if there is one. */
  secretIn?: 'header' | 'form';
  /** Domain time. */
  now: () => Date;
  authorizeUrl: string;
  tokenUrl: string;
  scopesByAction: Record<StreamingAction, readonly string[]>;
  /** Added to the address of the sign-in. */
  authorizeParams?: Record<string, string>;
  diesAt: (authorisedAt: Date) => Date | null;
  /** What a 429 without `Retry-After` means. */
  usualWaitMs: number;
}

export interface CodeFlow {
  oauth: Omit<StreamingClient['oauth'], 'identify'>;
  signIn: RedirectSignIn;
  /** A token in the app's own name (client credentials), kept until it nears its end. */
  appToken: () => Promise<string>;
  forgetAppToken: () => void;
}

/** A token with less life than this is asked for anew. */
const marginMs = 60_000;

/** Authorisation code with PKCE (S256), refresh and client credentials, after RFC 6749 and 7636. */
export function createCodeFlow(options: CodeFlowOptions): CodeFlow {
  const { http, label, clientId, clientSecret, now, scopesByAction } = options;
  const basic = Buffer.from(`${clientId}:${clientSecret ?? ''}`).toString('base64');
  /** What the app itself must never show. */
  const appSecrets = [clientSecret ?? '', basic];
  let app: { token: Promise<string>; untilMs: number } | undefined;

  async function ask(what: string, form: Record<string, string>): Promise<HttpResponse> {
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
    const fields = new URLSearchParams(form);
    const isInHeader = clientSecret !== undefined && options.secretIn !== 'form';
    if (isInHeader) headers['authorization'] = `Basic ${basic}`;
    else fields.set('client_id', clientId);
    if (clientSecret !== undefined && !isInHeader) fields.set('client_secret', clientSecret);
    const request = { method: 'POST', url: options.tokenUrl, headers, body: fields.toString() } as const;
    return sendRepeatable(http, label, what, request);
  }

  function readTokens(response: HttpResponse, what: string, before?: Tokens): Tokens {
    const parsed = tokenBody.safeParse(parseJson(response.text));
    if (!parsed.success) throw unreadable(label, what, response.status);
    const { access_token, expires_in, refresh_token, scope } = parsed.data;
    return {
      accessToken: access_token,
      // A refresh without a new token keeps the old one.
      refreshToken: refresh_token ?? before?.refreshToken ?? null,
      expiresAt: new Date(now().getTime() + expires_in * 1_000),
      scopes: scope === undefined ? (before?.scopes ?? []) : scope.split(' ').filter((name) => name !== ''),
    };
  }

  function failure(response: HttpResponse, what: string) {
    return response.status === 429
      ? tooMany(`${label}: too many requests (429)`, response, options.usualWaitMs)
      : unreadable(label, what, response.status);
  }

  /** The app's fault, not the fan's: their authorisation must outlive a mistyped secret. */
  function appRefused(text: string) {
    return waitAll(`${label} refuses the app; check client id and secret (${text})`, appRefusedPauseMs);
  }

  async function askAppToken(): Promise<string> {
    const response = await ask('app token', { grant_type: 'client_credentials' });
    if (response.status === 200) {
      const tokens = readTokens(response, 'app token');
      if (app !== undefined) app.untilMs = tokens.expiresAt.getTime() - marginMs;
      return tokens.accessToken;
    }
    const { error, text } = readTokenError(response, appSecrets);
    throw error === undefined ? failure(response, 'app token') : appRefused(text);
  }

  return {
    oauth: {
      scopesFor: (actions) => [...new Set(actions.flatMap((action) => scopesByAction[action]))],
      diesAt: options.diesAt,
      async refresh(tokens) {
        if (tokens.refreshToken === null) throw new NeedsReconnect(`${label}: no refresh token was given`);
        const { refreshToken } = tokens;
        const response = await ask('refresh', { grant_type: 'refresh_token', refresh_token: refreshToken });
        if (response.status === 200) return readTokens(response, 'refresh', tokens);
        const { error, text } = readTokenError(response, [refreshToken, ...appSecrets]);
        if (error === 'invalid_grant')
          throw new NeedsReconnect(`${label}: the authorisation is over (${text})`);
        throw error === undefined ? failure(response, 'refresh') : appRefused(text);
      },
    },
    signIn: {
      kind: 'redirect',
      authorizeUrl({ redirectUri, state, codeChallenge, scopes }) {
        const query = new URLSearchParams({
          response_type: 'code',
          client_id: clientId,
          redirect_uri: redirectUri,
          state,
          // Some services have none, and take no empty list of them.
          ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
          code_challenge_method: 'S256',
          code_challenge: codeChallenge,
          ...options.authorizeParams,
        });
        return `${options.authorizeUrl}?${query.toString()}`;
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
        throw error === undefined ? failure(response, 'sign-in') : new GiveUp(`${label}: sign-in: ${text}`);
      },
    },
    async appToken() {
      if (app === undefined || app.untilMs <= now().getTime()) {
        // Whoever asks meanwhile shares the answer; one that fails is asked again by the next.
        const asked = { token: Promise.resolve(''), untilMs: Infinity };
        app = asked;
        asked.token = askAppToken().catch((error: unknown) => {
          if (app === asked) app = undefined;
          throw error;
        });
      }
      return app.token;
    },
    forgetAppToken: () => void (app = undefined),
  };
}

/**
 * Six calendar months on. A day that the sixth month lacks (31 August → 31 February) becomes that
 * month's last day: the earlier reading, so that nobody is asked too late.
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
