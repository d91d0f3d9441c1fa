import { createHash } from 'node:crypto';
import type { Tokens } from '../../connector.ts';
import { sixMonthsAfter } from '../oauth.ts';
import { json, tokenError } from './answers.ts';
import { ensureUser, randomToken } from './state.ts';
import type { FakeState, Grant } from './state.ts';

const accessLifeSeconds = 3_600;

/** With a refresh token always: what a user's grant has. */
type UserTokens = Tokens & { refreshToken: string };

/** `POST /api/token`, form-encoded only. */
export async function token(state: FakeState, request: Request): Promise<Response> {
  if (!(request.headers.get('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) {
    return tokenError('unsupported_grant_type', 'grant_type parameter is missing');
  }
  const form = new URLSearchParams(await request.text());
  const client = readClient(state, request, form);
  if (client === undefined) return tokenError('invalid_client', 'Invalid client');
  const grantType = form.get('grant_type');
  if (grantType === 'authorization_code') return exchange(state, form);
  if (grantType === 'refresh_token') return refresh(state, form, client);
  if (grantType === 'client_credentials' && client === 'secret') return appToken(state);
  return tokenError(
    'unsupported_grant_type',
    'grant_type must be client_credentials, authorization_code or refresh_token',
  );
}

/** Who asks: with the secret (Basic), or a public client that only names itself (PKCE). */
function readClient(
  { settings }: FakeState,
  request: Request,
  form: URLSearchParams,
): 'secret' | 'public' | undefined {
  const header = request.headers.get('authorization');
  if (header === null) return form.get('client_id') === settings.clientId ? 'public' : undefined;
  const expected = Buffer.from(`${settings.clientId}:${settings.clientSecret}`).toString('base64');
  return header === `Basic ${expected}` ? 'secret' : undefined;
}

async function exchange(state: FakeState, form: URLSearchParams): Promise<Response> {
  const given = form.get('code') ?? '';
  const code = await state.codes.get(given);
  // Spent by the first try, right or wrong.
  if (code === undefined || !(await state.codes.remove(given))) {
    return tokenError('invalid_grant', 'Invalid authorization code');
  }
  if (code.expiresAt <= state.now().toISOString())
    return tokenError('invalid_grant', 'Authorization code expired');
  if (form.get('redirect_uri') !== code.redirectUri)
    return tokenError('invalid_grant', 'Invalid redirect URI');
  const verifier = form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (!/^[\w.~-]{43,128}$/.test(verifier) || challenge !== code.challenge) {
    return tokenError('invalid_grant', 'code_verifier was incorrect');
  }
  const grantId = await putGrant(state, code.user, code.scopes, state.now());
  return answer(await issueAccess(state, grantId, code.scopes, await issueRefresh(state, grantId)), true);
}

async function refresh(
  state: FakeState,
  form: URLSearchParams,
  client: 'secret' | 'public',
): Promise<Response> {
  const old = form.get('refresh_token');
  if (old === null || old === '') return tokenError('invalid_request', 'refresh_token must be supplied');
  const row = await state.refreshTokens.get(old);
  const grant = row === undefined ? undefined : await state.grants.get(row.grantId);
  if (row === undefined || grant === undefined) return tokenError('invalid_grant', 'Invalid refresh token');
  if (grant.isRevoked) return tokenError('invalid_grant', 'Refresh token revoked');
  if (state.now() >= sixMonthsAfter(new Date(grant.authorisedAt))) {
    return tokenError('invalid_grant', 'Refresh token expired');
  }
  // A public client's refresh token is good for one use; one that knows the secret keeps its own.
  if (client === 'secret') return answer(await issueAccess(state, row.grantId, grant.scopes, old), false);
  if (!(await state.refreshTokens.remove(old))) return tokenError('invalid_grant', 'Invalid refresh token');
  return answer(
    await issueAccess(state, row.grantId, grant.scopes, await issueRefresh(state, row.grantId)),
    true,
  );
}

/** Tokens of a user who signed in at that moment, which may lie in the past; seven months ago gives a dead one. */
export async function issueGrant(
  state: FakeState,
  user: string,
  scopes: readonly string[],
  authorisedAt: Date,
): Promise<UserTokens> {
  await ensureUser(state, user);
  const grantId = await putGrant(state, user, [...scopes], authorisedAt);
  // A dead one must not be kept looking alive by an access token that was never asked for.
  const diesAtMs = sixMonthsAfter(authorisedAt).getTime();
  return issueAccess(state, grantId, [...scopes], await issueRefresh(state, grantId), diesAtMs);
}

async function putGrant(state: FakeState, user: string, scopes: string[], at: Date): Promise<string> {
  const grantId = randomToken('');
  const grant: Grant = { user, scopes, authorisedAt: at.toISOString(), isRevoked: false };
  await state.grants.put(grantId, grant);
  return grantId;
}

/** As if the fan had removed the app in their account settings; unknown tokens are ignored. */
export async function revokeGrant(state: FakeState, refreshToken: string): Promise<void> {
  const row = await state.refreshTokens.get(refreshToken);
  const grant = row === undefined ? undefined : await state.grants.get(row.grantId);
  if (row !== undefined && grant !== undefined)
    await state.grants.put(row.grantId, { ...grant, isRevoked: true });
}

/** As above, for every sign-in of a user: what removing the app in the account settings does. */
export async function revokeGrantsOf(state: FakeState, user: string): Promise<void> {
  for (const [grantId, grant] of await state.grants.list()) {
    if (grant.user === user) await state.grants.put(grantId, { ...grant, isRevoked: true });
  }
}

async function issueRefresh(state: FakeState, grantId: string): Promise<string> {
  const refreshToken = randomToken('AQ');
  await state.refreshTokens.put(refreshToken, { grantId });
  return refreshToken;
}

async function issueAccess(
  state: FakeState,
  grantId: string,
  scopes: string[],
  refreshToken: string,
  latestMs = Infinity,
): Promise<UserTokens> {
  const accessToken = randomToken('BQ');
  const expiresAt = new Date(Math.min(state.now().getTime() + accessLifeSeconds * 1_000, latestMs));
  await state.accessTokens.put(accessToken, { grantId, expiresAt: expiresAt.toISOString() });
  return { accessToken, refreshToken, expiresAt, scopes };
}

async function appToken(state: FakeState): Promise<Response> {
  const accessToken = randomToken('BQ');
  const expiresAt = new Date(state.now().getTime() + accessLifeSeconds * 1_000).toISOString();
  await state.accessTokens.put(accessToken, { grantId: null, expiresAt });
  return json({ access_token: accessToken, token_type: 'Bearer', expires_in: accessLifeSeconds });
}

function answer({ accessToken, refreshToken, scopes }: UserTokens, withRefresh: boolean): Response {
  return json({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: accessLifeSeconds,
    ...(withRefresh ? { refresh_token: refreshToken } : {}),
    scope: scopes.join(' '),
  });
}
