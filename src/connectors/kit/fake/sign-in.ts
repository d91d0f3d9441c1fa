import { createHash } from 'node:crypto';
import type { FakeStore, Tokens } from '../../connector.ts';
import { escapeHtml, html, json, randomToken, tokenError } from './answers.ts';
import { consentPage } from './consent-page.ts';
import { keep } from './kept.ts';
import { demoUsers, userIdForm, type People } from './people.ts';

export interface Grant {
  user: string;
  scopes: string[];
  /** ISO time of the sign-in. */
  authorisedAt: string;
  isRevoked: boolean;
}

interface Code {
  user: string;
  scopes: string[];
  challenge: string;
  redirectUri: string;
  expiresAt: string;
}

export interface SignInRules {
  /** Stands on the consent page. */
  label: string;
  clientId(): string;
  clientSecret(): string;
  /** Whether the app may ask for it; `null` where there are no scopes to ask for. */
  knowsScope: ((scope: string) => boolean) | null;
  isRedirectAllowed(uri: string): boolean;
  /** When a sign-in ends whatever is refreshed; null: never. */
  endsAt(authorisedAt: Date): Date | null;
  /** What a refresh does to the refresh token that it was asked with. */
  refreshToken(client: 'secret' | 'public'): 'kept' | 'replaced';
  accessLifeSeconds: number;
  /** An app's own token; null: not allowed now. */
  mayIssueAppToken?(): Response | null;
}

/** With a refresh token always: what a user's grant has. */
type UserTokens = Tokens & { refreshToken: string };

/** Whose an access token is: a fan's, the app's own, or nobody's. */
export type Bearer = { grant: Grant } | 'app' | 'expired' | 'unknown';

export interface SignInServer {
  /** `GET /authorize`: refuses on the page, never by redirect, what is not the app's own request. */
  authorize(query: URLSearchParams): Promise<Response>;
  /** The token endpoint, form-encoded only. */
  token(request: Request): Promise<Response>;
  read(accessToken: string): Promise<Bearer>;
  /** Tokens of a user who signed in at that moment, which may lie in the past. */
  issueGrant(user: string, scopes: readonly string[], authorisedAt: Date): Promise<UserTokens>;
  /** As if the fan had removed the app in the account's settings; unknown tokens are ignored. */
  revokeGrant(refreshToken: string): Promise<void>;
  revokeGrantsOf(user: string): Promise<void>;
  /** Ends the sign-in that a living access or refresh token belongs to; false: it is none. */
  revoke(token: string): Promise<boolean>;
}

const codeLifeMs = 10 * 60_000;

/** The authorisation server of a fake: code with PKCE, refresh and client credentials; kept in the store. */
export function createSignIn(
  store: FakeStore,
  now: () => Date,
  people: People,
  rules: SignInRules,
): SignInServer {
  const codes = keep<Code>(store, 'codes');
  const grants = keep<Grant>(store, 'grants');
  const accessTokens = keep<{ grantId: string | null; expiresAt: string }>(store, 'access_tokens');
  const refreshTokens = keep<{ grantId: string }>(store, 'refresh_tokens');

  function readAsk(query: URLSearchParams): Omit<Code, 'user' | 'expiresAt'> | string {
    const redirectUri = query.get('redirect_uri');
    if (query.get('client_id') !== rules.clientId()) return 'INVALID_CLIENT: Invalid client';
    if (redirectUri === null || !URL.canParse(redirectUri) || !rules.isRedirectAllowed(redirectUri))
      return 'INVALID_CLIENT: Invalid redirect URI';
    if (query.get('response_type') !== 'code') return 'response_type must be code';
    const challenge = query.get('code_challenge');
    // SHA-256 in base64url without padding: 43 characters.
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? '')) {
      return 'code_challenge must be present, with code_challenge_method S256';
    }
    const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    const { knowsScope } = rules;
    if (scopes.some((scope) => knowsScope === null || !knowsScope(scope)))
      return 'INVALID_SCOPE: Invalid scope';
    return { redirectUri, scopes, challenge: challenge ?? '' };
  }

  async function exchange(form: URLSearchParams): Promise<Response> {
    const given = form.get('code') ?? '';
    const code = await codes.get(given);
    // Spent by the first try, right or wrong.
    if (code === undefined || !(await codes.remove(given)))
      return tokenError('invalid_grant', 'Invalid authorization code');
    if (code.expiresAt <= now().toISOString())
      return tokenError('invalid_grant', 'Authorization code expired');
    if (form.get('redirect_uri') !== code.redirectUri)
      return tokenError('invalid_grant', 'Invalid redirect URI');
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (!/^[\w.~-]{43,128}$/.test(verifier) || challenge !== code.challenge)
      return tokenError('invalid_grant', 'code_verifier was incorrect');
    const grantId = await putGrant(code.user, code.scopes, now());
    return answer(await issueAccess(grantId, code.scopes, await issueRefresh(grantId)), true);
  }

  async function refresh(form: URLSearchParams, client: 'secret' | 'public'): Promise<Response> {
    const old = form.get('refresh_token');
    if (old === null || old === '') return tokenError('invalid_request', 'refresh_token must be supplied');
    const row = await refreshTokens.get(old);
    const grant = row === undefined ? undefined : await grants.get(row.grantId);
    if (row === undefined || grant === undefined) return tokenError('invalid_grant', 'Invalid refresh token');
    if (grant.isRevoked) return tokenError('invalid_grant', 'Refresh token revoked');
    const endsAt = rules.endsAt(new Date(grant.authorisedAt));
    if (endsAt !== null && now() >= endsAt) return tokenError('invalid_grant', 'Refresh token expired');
    if (rules.refreshToken(client) === 'kept')
      return answer(await issueAccess(row.grantId, grant.scopes, old), false);
    if (!(await refreshTokens.remove(old))) return tokenError('invalid_grant', 'Invalid refresh token');
    return answer(await issueAccess(row.grantId, grant.scopes, await issueRefresh(row.grantId)), true);
  }

  async function putGrant(user: string, scopes: string[], at: Date): Promise<string> {
    const grantId = randomToken('');
    await grants.put(grantId, { user, scopes, authorisedAt: at.toISOString(), isRevoked: false });
    return grantId;
  }

  async function issueRefresh(grantId: string): Promise<string> {
    const refreshToken = randomToken('AQ');
    await refreshTokens.put(refreshToken, { grantId });
    return refreshToken;
  }

  async function issueAccess(
    grantId: string,
    scopes: string[],
    refreshToken: string,
    latestMs = Infinity,
  ): Promise<UserTokens> {
    const accessToken = randomToken('BQ');
    const expiresAt = new Date(Math.min(now().getTime() + rules.accessLifeSeconds * 1_000, latestMs));
    await accessTokens.put(accessToken, { grantId, expiresAt: expiresAt.toISOString() });
    return { accessToken, refreshToken, expiresAt, scopes };
  }

  async function appToken(): Promise<Response> {
    const refused = rules.mayIssueAppToken?.() ?? null;
    if (refused !== null) return refused;
    const accessToken = randomToken('BQ');
    const expiresAt = new Date(now().getTime() + rules.accessLifeSeconds * 1_000).toISOString();
    await accessTokens.put(accessToken, { grantId: null, expiresAt });
    return json({ access_token: accessToken, token_type: 'Bearer', expires_in: rules.accessLifeSeconds });
  }

  function answer({ accessToken, refreshToken, scopes }: UserTokens, withRefresh: boolean): Response {
    return json({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: rules.accessLifeSeconds,
      ...(withRefresh ? { refresh_token: refreshToken } : {}),
      scope: scopes.join(' '),
    });
  }

  return {
    async authorize(query) {
      const ask = readAsk(query);
      if (typeof ask === 'string')
        return html(`<!doctype html><title>Error</title><p>${escapeHtml(ask)}</p>`, 400);
      const decision = query.get('decision');
      const state = query.get('state');
      if (decision === 'deny') return redirect(ask.redirectUri, { error: 'access_denied' }, state);
      const user = query.get('user');
      if (decision === 'allow' && user !== null && userIdForm.test(user)) {
        const code = randomToken('AQ');
        const expiresAt = new Date(now().getTime() + codeLifeMs).toISOString();
        await codes.put(code, { ...ask, user: (await people.ensure(user)).id, expiresAt });
        return redirect(ask.redirectUri, { code }, state);
      }
      return html(
        consentPage({ label: rules.label, query, scopes: ask.scopes, users: demoUsers.slice(0, 2) }),
      );
    },
    async token(request) {
      if (!(request.headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) {
        return tokenError('unsupported_grant_type', 'grant_type parameter is missing');
      }
      const form = new URLSearchParams(await request.text());
      const client = readClient(rules, request, form);
      if (client === undefined) return tokenError('invalid_client', 'Invalid client');
      const grantType = form.get('grant_type');
      if (grantType === 'authorization_code') return exchange(form);
      if (grantType === 'refresh_token') return refresh(form, client);
      if (grantType === 'client_credentials' && client === 'secret') return appToken();
      return tokenError(
        'unsupported_grant_type',
        'grant_type must be client_credentials, authorization_code or refresh_token',
      );
    },
    async read(accessToken) {
      const row = await accessTokens.get(accessToken);
      if (row === undefined) return 'unknown';
      if (row.expiresAt <= now().toISOString()) {
        await accessTokens.remove(accessToken);
        return 'expired';
      }
      if (row.grantId === null) return 'app';
      const grant = await grants.get(row.grantId);
      return grant === undefined || grant.isRevoked ? 'unknown' : { grant };
    },
    async issueGrant(user, scopes, authorisedAt) {
      await people.ensure(user);
      const grantId = await putGrant(user, [...scopes], authorisedAt);
      // A dead one must not be kept looking alive by an access token that was never asked for.
      const latestMs = rules.endsAt(authorisedAt)?.getTime();
      return issueAccess(grantId, [...scopes], await issueRefresh(grantId), latestMs);
    },
    async revokeGrant(refreshToken) {
      const row = await refreshTokens.get(refreshToken);
      const grant = row === undefined ? undefined : await grants.get(row.grantId);
      if (row !== undefined && grant !== undefined)
        await grants.put(row.grantId, { ...grant, isRevoked: true });
    },
    async revoke(token) {
      const grantId = (await refreshTokens.get(token))?.grantId ?? (await accessTokens.get(token))?.grantId;
      const grant = typeof grantId === 'string' ? await grants.get(grantId) : undefined;
      if (typeof grantId !== 'string' || grant === undefined || grant.isRevoked) return false;
      await grants.put(grantId, { ...grant, isRevoked: true });
      return true;
    },
    async revokeGrantsOf(user) {
      for (const [grantId, grant] of await grants.list()) {
        if (grant.user === user) await grants.put(grantId, { ...grant, isRevoked: true });
      }
    },
  };
}

/** Who asks: with the secret (Basic header or form), or a public client that only names itself (PKCE). */
function readClient(
  rules: SignInRules,
  request: Request,
  form: URLSearchParams,
): 'secret' | 'public' | undefined {
  const header = request.headers.get('authorization');
  if (header !== null) {
    const expected = Buffer.from(`${rules.clientId()}:${rules.clientSecret()}`).toString('base64');
    return header === `Basic ${expected}` ? 'secret' : undefined;
  }
  if (form.get('client_id') !== rules.clientId()) return undefined;
  if (!form.has('client_secret')) return 'public';
  return form.get('client_secret') === rules.clientSecret() ? 'secret' : undefined;
}

function redirect(uri: string, answer: Record<string, string>, state: string | null): Response {
  const url = new URL(uri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (state !== null) url.searchParams.set('state', state);
  return new Response(null, { status: 303, headers: { location: url.href } });
}

/** HTTPS, or plain HTTP to a loopback address written as a number; the name `localhost` is refused. */
export function isSafeRedirect(text: string): boolean {
  const url = new URL(text);
  if (url.hash !== '') return false;
  if (url.protocol === 'https:') return url.hostname !== 'localhost';
  return url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === '[::1]');
}
