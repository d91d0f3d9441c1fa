import type { FakeStore } from '../../connector.ts';
import { json, html, randomToken } from '../../kit/fake/answers.ts';
import { consentPage } from '../../kit/fake/consent-page.ts';
import { keepList } from '../../kit/fake/kept.ts';
import { badToken, refuse } from './answers.ts';
import type { FakeAccount } from './state.ts';

interface Token {
  kind: 'code' | 'short' | 'long';
  issuedAt: string;
  expiresAt: string;
  /** Where a code may be redeemed. */
  redirectUri?: string;
  isSpent?: boolean;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const lives = { code: 10 * minuteMs, short: 60 * minuteMs, long: 60 * dayMs };
const known = new Set([
  'instagram_business_basic',
  'instagram_business_manage_messages',
  'instagram_business_manage_comments',
]);

/** The sign-in, tokens of an hour and of sixty days, and their renewal from the second day on. */
export function createTokens(parts: {
  store: FakeStore;
  now: () => Date;
  account: FakeAccount;
  app: { id: string; secret: string };
  /** A token that stands from the beginning, as one that was pasted. */
  first: string;
}) {
  const { now, account, app, first } = parts;
  const tokens = keepList<Token>(parts.store, 'instagram.tokens');

  async function issue(kind: Token['kind'], more: Partial<Token> = {}): Promise<string> {
    const token = randomToken(kind === 'code' ? 'AQ' : 'IGAA');
    await put(token, kind, more);
    return token;
  }

  async function put(token: string, kind: Token['kind'], more: Partial<Token> = {}): Promise<void> {
    const expiresAt = new Date(now().getTime() + lives[kind]).toISOString();
    await tokens.put(token, { kind, issuedAt: now().toISOString(), expiresAt, ...more });
  }

  async function find(token: string, kind: Token['kind']): Promise<Token | undefined> {
    const all = await tokens.all();
    if (kind === 'long' && token === first && !all.has(first)) await put(first, 'long');
    const found = all.get(token);
    return found?.kind === kind && found.isSpent !== true ? found : undefined;
  }

  const isOver = ({ expiresAt }: Token) => now().toISOString() >= expiresAt;

  async function authorize(query: URLSearchParams): Promise<Response> {
    const redirectUri = query.get('redirect_uri') ?? '';
    const scopes = (query.get('scope') ?? '').split(/[ ,]/);
    const isSane =
      query.get('client_id') === app.id &&
      query.get('response_type') === 'code' &&
      URL.canParse(redirectUri) &&
      scopes.every((scope) => known.has(scope));
    if (!isSane) return html('<!doctype html><title>Error</title><p>Invalid platform app.</p>', 400);
    const decision = query.get('decision');
    if (decision === null) {
      const users = [{ id: account.id, displayName: `@${account.name}` }];
      return html(consentPage({ label: 'Instagram', query, scopes, users }));
    }
    const back = new URL(redirectUri);
    if (decision === 'deny') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_reason', 'user_denied');
    } else back.searchParams.set('code', await issue('code', { redirectUri }));
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    return new Response(null, { status: 303, headers: { location: `${back.href}#_` } });
  }

  async function exchange(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const wrong = (message: string) =>
      json({ error_type: 'OAuthException', code: 400, error_message: message }, 400);
    if (form.get('client_id') !== app.id) return wrong('Invalid platform app');
    if (form.get('client_secret') !== app.secret) return wrong('Error validating client secret.');
    if (form.get('grant_type') !== 'authorization_code') return wrong('Invalid grant type');
    const given = form.get('code') ?? '';
    const code = await find(given, 'code');
    if (code === undefined || isOver(code)) return wrong('This authorization code has been used.');
    if (code.redirectUri !== form.get('redirect_uri')) return wrong('redirect_uri isn’t identical.');
    await tokens.put(given, { ...code, isSpent: true });
    return json({ access_token: await issue('short'), user_id: account.id, permissions: [...known] });
  }

  async function longer(query: URLSearchParams): Promise<Response> {
    if (query.get('grant_type') !== 'ig_exchange_token') return refuse(400, 100, 'Invalid grant type.');
    if (query.get('client_secret') !== app.secret) return refuse(400, 1, 'Error validating client secret.');
    const short = await find(query.get('access_token') ?? '', 'short');
    if (short === undefined || isOver(short)) return badToken(463);
    return answerLong(await issue('long'));
  }

  async function renew(query: URLSearchParams): Promise<Response> {
    if (query.get('grant_type') !== 'ig_refresh_token') return refuse(400, 100, 'Invalid grant type.');
    const given = query.get('access_token') ?? '';
    const long = await find(given, 'long');
    if (long === undefined || isOver(long)) return badToken(463);
    if (now().getTime() - Date.parse(long.issuedAt) < dayMs)
      return refuse(400, 100, 'The token is not yet 24 hours old.');
    return answerLong(await issue('long'));
  }

  return {
    /** Null: the path is none of the sign-in. */
    answer(request: Request, path: string, query: URLSearchParams): Promise<Response> | null {
      if (path === '/oauth/authorize') return authorize(query);
      if (path === '/oauth/access_token' && request.method === 'POST') return exchange(request);
      if (path === '/access_token') return longer(query);
      return path === '/refresh_access_token' ? renew(query) : null;
    },
    /** Null: it is good. */
    async refusalOf(token: string): Promise<Response | null> {
      const found = await find(token, 'long');
      if (found === undefined) return badToken(460);
      return isOver(found) ? badToken(463) : null;
    },
    /** All of them: the account removed the app. */
    async end(): Promise<void> {
      if (!(await tokens.all()).has(first)) await put(first, 'long');
      for (const [token, one] of await tokens.all()) await tokens.put(token, { ...one, isSpent: true });
    },
    issueLong: () => issue('long'),
  };
}

function answerLong(token: string): Response {
  return json({ access_token: token, token_type: 'bearer', expires_in: lives.long / 1_000 });
}
