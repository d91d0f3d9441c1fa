import { z } from 'zod';
import type { AccountLogin, ClientOptions, CredentialRenewal } from '../connector.ts';

import { readInstagramSettings } from './connector.ts';
import { createReader, graphUrl, graphVersion } from './reader.ts';

const scopes = [
  'instagram_business_basic',
  'instagram_business_manage_messages',
  'instagram_business_manage_comments',
];
const fields = ['messages', 'messaging_postbacks', 'comments', 'live_comments'];

const dayMs = 24 * 3_600_000;
/** A token lives sixty days and can be renewed while it does, from its second day on. */
const renewAfterMs = 7 * dayMs;
const warnAfterMs = 50 * dayMs;

const shortLived = z.object({ access_token: z.string().min(1) });
/** The documents show a list of one, the real answer is bare. */
const codeAnswer = z.union([
  z.object({ data: z.tuple([shortLived]).rest(z.unknown()) }).transform(({ data: [first] }) => first),
  shortLived,
]);
const longLived = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const me = z.object({
  user_id: z.union([z.string(), z.number()]).transform(String),
  username: z.string().min(1),
});

/** Signing in to a professional account: away to Instagram's page, and back with a code. */
export function createInstagramLogin(options: ClientOptions): AccountLogin {
  const { appId, appSecret } = readInstagramSettings(options.settings);
  const api = createReader(options);
  return {
    authorizeUrl({ redirectUri, state }) {
      const query = new URLSearchParams({
        client_id: appId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: scopes.join(','),
        state,
      });
      return `${api.at('https://www.instagram.com')}/oauth/authorize?${query.toString()}`;
    },
    async exchange({ code, redirectUri }) {
      const form = new URLSearchParams({
        client_id: appId,
        client_secret: appSecret,
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        // Instagram puts it behind each code.
        code: code.replace(/#_$/, ''),
      });
      const first = await api.read(
        'sign-in',
        {
          method: 'POST',
          url: `${api.at('https://api.instagram.com')}/oauth/access_token`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        },
        codeAnswer,
      );
      const query = new URLSearchParams({
        grant_type: 'ig_exchange_token',
        client_secret: appSecret,
        access_token: first.access_token,
      });
      const url = `${api.at(graphUrl)}/access_token?${query.toString()}`;
      const token = await api.read('long-lived token', { method: 'GET', url }, longLived);
      const account = await identify(token.access_token);
      await subscribe(token.access_token);
      return {
        ...toSettings(token, options.now()),
        accountId: account.user_id,
        accountName: account.username,
      };
    },
  };

  function identify(accessToken: string) {
    const url = `${api.at(graphUrl)}/${graphVersion}/me?fields=user_id,username`;
    return api.read('account', { method: 'GET', url, headers: bearer(accessToken) }, me);
  }

  /** Without it the account tells the app nothing. */
  function subscribe(accessToken: string) {
    const url = `${api.at(graphUrl)}/${graphVersion}/me/subscribed_apps?subscribed_fields=${fields.join(',')}`;
    return api.read('subscription', { method: 'POST', url, headers: bearer(accessToken) }, z.object({}));
  }
}

/** Renewed from its seventh day on; whoever is left with fifty days of it has to be told. */
export function createInstagramRenewal(options: ClientOptions): CredentialRenewal | null {
  const { accessToken, tokenIssuedAt, tokenExpiresAt } = readInstagramSettings(options.settings);
  if (accessToken === undefined || tokenIssuedAt === undefined || tokenExpiresAt === undefined) return null;
  const issuedAt = new Date(tokenIssuedAt);
  const api = createReader(options);
  return {
    issuedAt,
    renewFrom: new Date(issuedAt.getTime() + renewAfterMs),
    warnFrom: new Date(issuedAt.getTime() + warnAfterMs),
    endsAt: new Date(tokenExpiresAt),
    async renew() {
      const query = new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: accessToken });
      const url = `${api.at(graphUrl)}/refresh_access_token?${query.toString()}`;
      return toSettings(await api.read('renewal', { method: 'GET', url }, longLived), options.now());
    },
  };
}

function bearer(accessToken: string) {
  return { authorization: `Bearer ${accessToken}` };
}

function toSettings(
  { access_token: accessToken, expires_in: seconds }: z.infer<typeof longLived>,
  now: Date,
) {
  return {
    accessToken,
    tokenIssuedAt: now.toISOString(),
    tokenExpiresAt: new Date(now.getTime() + seconds * 1_000).toISOString(),
  };
}
