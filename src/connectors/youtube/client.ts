import { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { Http } from '#lib/http.ts';
import type { Access, ClientOptions, SaveResult, StreamingAction, StreamingClient } from '../connector.ts';
import { parseJson } from '../kit/answers.ts';
import { createApi, type Api } from '../kit/calls.ts';
import { createCodeFlow } from '../kit/code-flow.ts';
import { sendRevocation } from '../kit/revoke.ts';
import { youtubeSettings } from './connector.ts';
import { quotaUsedUp, reasonOf, toYoutubeError, usualWaitMs } from './errors.ts';
import { isChannelId } from './links.ts';
import { takeUnits, units } from './quota.ts';

const scope = ['https://www.googleapis.com/auth/youtube'];
const scopesByAction: Record<StreamingAction, readonly string[]> = {
  'save-album': [],
  'save-track': [],
  'save-playlist': [],
  'follow-artist': scope,
};

const channelsBody = z.object({
  items: z
    .array(z.object({ id: z.string(), snippet: z.object({ title: z.string() }).optional() }))
    .default([]),
});
const subscriptionsBody = z.object({ items: z.array(z.object({ id: z.string() })).default([]) });
const madeBody = z.object({ id: z.string() });

const testingDays = 7;
const dayMs = 86_400_000;

/**
 * YouTube Data API v3: a follow is a subscription to a channel; there is no library. With `baseUrl`
 * the three hosts of Google are replaced by it. Once the day's units are used, nothing is sent any more.
 */
export function createYoutubeClient(options: ClientOptions): StreamingClient {
  const { baseUrl, http, now, meter } = options;
  const settings = youtubeSettings.parse(options.settings);
  const api = createYoutubeApi(http, baseUrl, now);
  const { oauth, signIn } = createCodeFlow({
    http,
    label: 'YouTube',
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    secretIn: 'form',
    now,
    authorizeUrl: `${baseUrl ?? 'https://accounts.google.com'}/o/oauth2/v2/auth`,
    tokenUrl: `${baseUrl ?? 'https://oauth2.googleapis.com'}/token`,
    scopesByAction,
    // Without both, a fan who signs in a second time gets no refresh token.
    authorizeParams: { access_type: 'offline', prompt: 'consent' },
    diesAt: (at) => (settings.status === 'testing' ? new Date(at.getTime() + testingDays * dayMs) : null),
    usualWaitMs,
  });

  async function pay(cost: number): Promise<void> {
    if (!(await takeUnits(meter, cost, settings.unitsPerDay, now()))) throw quotaUsedUp(now());
  }
  async function ownChannel(access: Access, what: string) {
    await pay(units.read);
    const path = '/youtube/v3/channels?part=snippet&mine=true';
    const { items } = await api.read(access, { method: 'GET', path, what }, channelsBody);
    return items[0];
  }
  const noLibrary = () => Promise.reject(new GiveUp('YouTube has no library that apps may add to'));

  return {
    oauth: {
      ...oauth,
      async identify(access) {
        const channel = await ownChannel(access, 'sign-in');
        // An account without a channel can subscribe too; it has no id that is told.
        return { accountId: channel?.id ?? null, displayName: channel?.snippet?.title ?? null };
      },
      // Google ends everything that the user ever allowed this app, whichever token is named.
      revoke({ refreshToken, accessToken }) {
        const url = `${baseUrl ?? 'https://oauth2.googleapis.com'}/revoke`;
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const body = new URLSearchParams({ token: refreshToken ?? accessToken }).toString();
        return sendRevocation(http, 'YouTube', { method: 'POST', url, headers, body }, usualWaitMs);
      },
    },
    signIn,
    maxItemsPerSave: 1,
    rate: { count: 10, periodMs: 1_000, burst: 10 },
    namedTesters: settings.status === 'testing' ? settings.namedTesters : null,
    save: noLibrary,
    async follow(access, channelId, { signal }): Promise<SaveResult> {
      const resourceId = { kind: 'youtube#channel', channelId: checkedId(channelId) };
      await pay(units.change);
      const path = '/youtube/v3/subscriptions?part=snippet';
      const call = {
        method: 'POST',
        path,
        what: 'subscribe',
        body: { snippet: { resourceId } },
        signal,
      } as const;
      const response = await api.call(access, call, [400]);
      if (response.status !== 400) {
        // Without its id it was taken, and nothing more is known.
        if (madeBody.safeParse(parseJson(response.text)).success) return { result: 'verified' };
        return { result: 'accepted' };
      }
      if (reasonOf(response) === 'subscriptionDuplicate') return { result: 'already' };
      throw toYoutubeError(response, 'subscribe', [await access.token()], now());
    },
    async unfollow(access, channelId, { signal }) {
      const query = new URLSearchParams({ part: 'id', mine: 'true', forChannelId: checkedId(channelId) });
      await pay(units.read);
      const path = `/youtube/v3/subscriptions?${query.toString()}`;
      const list = { method: 'GET', path, what: 'unsubscribe', signal } as const;
      const { items } = await api.read(access, list, subscriptionsBody);
      for (const { id } of items) {
        await pay(units.change);
        const gone = `/youtube/v3/subscriptions?${new URLSearchParams({ id }).toString()}`;
        const end = { method: 'DELETE', path: gone, what: 'unsubscribe', signal } as const;
        const response = await api.call(access, end, [404]);
        if (response.status === 404 && reasonOf(response) !== 'subscriptionNotFound')
          throw toYoutubeError(response, 'unsubscribe', [await access.token()], now());
      }
    },
    async probe(access) {
      await ownChannel(access, 'check');
    },
  };
}

export function createYoutubeApi(http: Http, baseUrl: string | undefined, now: () => Date): Api {
  return createApi({
    http,
    label: 'YouTube',
    baseUrl: baseUrl ?? 'https://www.googleapis.com',
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    toError: (response, what, secrets) => toYoutubeError(response, what, secrets, now()),
  });
}

function checkedId(id: string): string {
  if (!isChannelId(id)) throw new GiveUp('YouTube: this is not the id of a channel');
  return id;
}
