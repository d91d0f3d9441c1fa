import { escapeHtml, html } from './answers.ts';
import { demoUsers, ensureUser, randomToken } from './state.ts';
import type { FakeState, FakeUser } from './state.ts';

const codeLifeMs = 10 * 60_000;

const knownScopes = new Set([
  'user-library-modify',
  'user-library-read',
  'user-follow-modify',
  'user-follow-read',
  'playlist-modify-public',
  'playlist-modify-private',
  'playlist-read-private',
  'playlist-read-collaborative',
  'user-read-private',
  'user-read-email',
  'user-top-read',
  'ugc-image-upload',
]);

interface Ask {
  redirectUri: string;
  state: string | null;
  scopes: string[];
  challenge: string;
}

/**
 * `GET /authorize`. A request that is not the app's own is refused on the page, never by redirect;
 * with `user` and `decision` it answers as the person would, without a page.
 */
export async function authorize(state: FakeState, query: URLSearchParams): Promise<Response> {
  const ask = readAsk(state, query);
  if (typeof ask === 'string')
    return html(`<!doctype html><title>Error</title><p>${escapeHtml(ask)}</p>`, 400);
  const decision = query.get('decision');
  if (decision === 'deny') return redirect(ask, { error: 'access_denied' });
  const user = query.get('user');
  if (decision === 'allow' && user !== null && /^[\w.@+-]{1,64}$/.test(user)) {
    return redirect(ask, { code: await issueCode(state, ask, (await ensureUser(state, user)).id) });
  }
  return html(consentPage(query, ask, demoUsers.slice(0, 2)));
}

function readAsk(state: FakeState, query: URLSearchParams): Ask | string {
  const redirectUri = query.get('redirect_uri');
  if (query.get('client_id') !== state.settings.clientId) return 'INVALID_CLIENT: Invalid client';
  if (redirectUri === null || !isAllowedRedirect(state, redirectUri))
    return 'INVALID_CLIENT: Invalid redirect URI';
  if (query.get('response_type') !== 'code') return 'response_type must be code';
  const challenge = query.get('code_challenge');
  // SHA-256 in base64url without padding: 43 characters.
  if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge ?? '')) {
    return 'code_challenge must be present, with code_challenge_method S256';
  }
  const scopes = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  if (scopes.some((scope) => !knownScopes.has(scope))) return 'INVALID_SCOPE: Invalid scope';
  return { redirectUri, state: query.get('state'), scopes, challenge: challenge ?? '' };
}

/** HTTPS, or plain HTTP to a loopback address written as a number; the name `localhost` is refused. */
function isAllowedRedirect(state: FakeState, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { redirectUris } = state.settings;
  if (redirectUris !== null && !redirectUris.includes(text)) return false;
  const url = new URL(text);
  if (url.hash !== '') return false;
  if (url.protocol === 'https:') return url.hostname !== 'localhost';
  return url.protocol === 'http:' && (url.hostname === '127.0.0.1' || url.hostname === '[::1]');
}

async function issueCode(state: FakeState, ask: Ask, user: string): Promise<string> {
  const code = randomToken('AQ');
  await state.codes.put(code, {
    user,
    scopes: ask.scopes,
    challenge: ask.challenge,
    redirectUri: ask.redirectUri,
    expiresAt: new Date(state.now().getTime() + codeLifeMs).toISOString(),
  });
  return code;
}

function redirect(ask: Ask, answer: Record<string, string>): Response {
  const url = new URL(ask.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  if (ask.state !== null) url.searchParams.set('state', ask.state);
  return new Response(null, { status: 303, headers: { location: url.href } });
}

function consentPage(query: URLSearchParams, ask: Ask, users: readonly FakeUser[]): string {
  const hidden = [...query]
    .filter(([name]) => name !== 'user' && name !== 'decision')
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
  const choices = users
    .map(
      ({ id, displayName }, index) =>
        `<label><input type="radio" name="user" value="${escapeHtml(id)}"${index === 0 ? ' checked' : ''}> ${escapeHtml(displayName)}</label>`,
    )
    .join('');
  const scopes = ask.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Sandbox sign-in</title><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0}main{max-width:26rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}fieldset{border:1px solid GrayText;border-radius:6px;margin:1.5rem 0;padding:.25rem 1rem .5rem}label{display:block;padding:.6rem 0}input{margin:0 .6rem 0 0;width:1.15rem;height:1.15rem;vertical-align:-.2rem}
li{font:.9rem/1.7 ui-monospace,monospace}button{font:inherit;font-weight:600;display:block;width:100%;min-height:3rem;margin-top:.75rem;border:1px solid;border-radius:6px;background:Canvas;color:CanvasText;cursor:pointer}button[value=allow]{background:CanvasText;color:Canvas}</style></head>
<body><main><h1>Sandbox sign-in</h1><p>This page stands in for Spotify. Nothing leaves this machine.</p>
<form method="get">${hidden}<fieldset><legend>Sign in as</legend>${choices}</fieldset>
<p>The app asks for:</p><ul>${scopes}</ul>
<button name="decision" value="allow">Allow</button><button name="decision" value="deny">Cancel</button></form></main></body></html>`;
}
