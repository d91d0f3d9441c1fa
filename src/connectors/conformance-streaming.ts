import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type {
  Access,
  ConnectorServer,
  FakeOptions,
  StreamingClient,
  StreamingFake,
  Tokens,
} from './connector.ts';
import { serveHostile } from './testing/hostile.ts';
import type { HostileAnswer, HostileServer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFetch } from './testing/serve.ts';
import type { ServedFetch } from './testing/serve.ts';

/** What any streaming connector owes the host, whoever the provider is. Ids have the usual 22 characters. */
const albumId = '4aawyAB9vmqN3uQ7FjRGTy';
const artistId = '2takcwOaAZWiXQijPHIx7B';
const redirectUri = 'https://segue.example/oauth/callback';
const secretToken = 'access-token-that-nobody-may-read';

const now = () => new Date();
const deliver = async () => ({ status: 200, body: '' });

type Operation = [name: string, run: (client: StreamingClient, access: Access) => Promise<unknown>];

const operations: Operation[] = [
  ['save', (client, access) => client.save(access, [{ kind: 'album', id: albumId }], { key: 'k' })],
  ['unsave', (client, access) => client.unsave(access, [{ kind: 'album', id: albumId }], { key: 'k' })],
  ['follow', (client, access) => client.follow(access, artistId, { key: 'k' })],
  ['unfollow', (client, access) => client.unfollow(access, artistId, { key: 'k' })],
  ['probe', (client, access) => client.probe(access)],
  ['identify', (client, access) => client.oauth.identify(access)],
];

/** Failures after which a repeat may succeed, and which say nothing about the fan. */
const passing: [name: string, answer: HostileAnswer][] = [
  ['500', { kind: 'answer', status: 500, body: '{}' }],
  ['503 without a body', { kind: 'answer', status: 503 }],
  [
    'a page in HTML instead of JSON',
    { kind: 'answer', status: 200, body: '<html>Sign in to this network</html>' },
  ],
  ['JSON cut short', { kind: 'answer', status: 200, body: '{"access_token":"a' }],
  ['an answer that ends half way', { kind: 'half-closed' }],
  ['a connection that ends before a byte', { kind: 'reset' }],
  ['no answer in time', { kind: 'silent' }],
];

export function describeStreaming(
  server: ConnectorServer,
  createFake: (options: FakeOptions) => StreamingFake,
): void {
  const create = server.streaming;
  if (create === undefined) return;

  describe(`${server.definition.id}: streaming`, () => {
    const http = createHttp({ defaultTimeoutMs: 250 });
    let hostile: HostileServer;
    let other: HostileServer;
    let served: ServedFetch;
    let fake: StreamingFake;
    /** Towards the fake, and towards the server that answers as told. */
    let client: StreamingClient;
    let unlucky: StreamingClient;

    beforeAll(async () => {
      hostile = await serveHostile();
      other = await serveHostile();
      fake = createFake({ store: createMemoryStore(), now, deliver });
      served = await serveFetch((request) => fake.fetch(request));
      const settings = fake.connectionSettings();
      client = create({ baseUrl: served.url, settings, http, now });
      unlucky = create({ baseUrl: hostile.url, settings, http, now });
    });
    beforeEach(() => fake.setFault({ mode: 'ok' }));
    afterAll(async () => {
      await Promise.all([hostile.close(), other.close(), served.close()]);
      await http.close();
    });

    async function signIn(user: string): Promise<Tokens> {
      const codeVerifier = randomBytes(32).toString('base64url');
      const url = client.oauth.authorizeUrl({
        redirectUri,
        state: 'state-1',
        codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        scopes: client.oauth.scopesFor(server.definition.actions),
      });
      const page = await fetch(`${url}&user=${user}&decision=allow`, { redirect: 'manual' });
      const back = new URL(page.headers.get('location') ?? '');
      expect(back.searchParams.get('state')).toBe('state-1');
      return client.oauth.exchange({ code: back.searchParams.get('code') ?? '', codeVerifier, redirectUri });
    }

    it('signs a fan in, saves and follows; a repeat changes nothing; all can be taken back', async () => {
      const access = accessOf((await signIn('ada')).accessToken);
      const { accountId } = await client.oauth.identify(access);
      const again = await client.oauth.identify(accessOf((await signIn('ada')).accessToken));
      expect(again.accountId).toBe(accountId);

      for (const round of ['first', 'repeat']) {
        for (const [name, run] of operations.filter(([each]) => each === 'save' || each === 'follow')) {
          await expect(run(client, access), `${name}, ${round}`).resolves.toHaveProperty('result');
        }
      }
      const { saved, following } = await fake.library('ada');
      expect([saved.length, following.length]).toEqual([1, 1]);

      for (const round of ['first', 'repeat']) {
        for (const [name, run] of operations.filter(([each]) => each.startsWith('un'))) {
          await expect(run(client, access), `${name}, ${round}`).resolves.toBeUndefined();
        }
      }
      expect(await fake.library('ada')).toEqual({ saved: [], following: [] });
    });

    it('refreshes, and knows an authorisation that is over', async () => {
      const tokens = await signIn('ada');
      const next = await client.oauth.refresh(tokens);
      expect(next.refreshToken).toBeTruthy();
      await client.probe(accessOf(next.accessToken));
      await fake.revokeGrant(next.refreshToken ?? '');
      await expect(client.oauth.refresh(next)).rejects.toThrow(NeedsReconnect);
    });

    it('the fake lets a user remove the app: her sign-ins are over, those of others are not', async () => {
      const [hers, again, his] = [await signIn('ada'), await signIn('ada'), await signIn('bo')];
      await fake.removeApp('ada');
      for (const tokens of [hers, again])
        await expect(client.oauth.refresh(tokens)).rejects.toThrow(NeedsReconnect);
      await expect(client.oauth.refresh(his)).resolves.toBeDefined();
    });

    it('gives up on a code that is wrong or spent', async () => {
      const input = { code: 'no-such-code', codeVerifier: 'v'.repeat(43), redirectUri };
      await expect(client.oauth.exchange(input)).rejects.toThrow(GiveUp);
    });

    it.each(['error', 'down', 'garbage', 'rate_limited', 'timeout'] as const)(
      'the fake with the fault %s: try later, then all is well',
      async (mode) => {
        const access = accessOf((await signIn('bo')).accessToken);
        fake.setFault({ mode, ms: 400, count: 1 });
        await expect(operations[0]?.[1](client, access)).rejects.toThrow(RetryLater);
        await expect(operations[0]?.[1](client, access)).resolves.toHaveProperty('result');
      },
    );

    describe.each(operations)('%s', (_name, run) => {
      it.each(passing)('%s: try later', async (_what, answer) => {
        hostile.answerWith(answer);
        expect(await rejection(run(unlucky, accessOf(secretToken)))).toBeInstanceOf(RetryLater);
      });

      it('429: everything on the lane waits as long as asked', async () => {
        hostile.answerWith({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
        const before = Date.now();
        const error = await rejection(run(unlucky, accessOf(secretToken)));
        expect(error).toBeInstanceOf(RetryLater);
        expect(error).toMatchObject({ isLaneWide: true });
        const waitMs = waitUntil(error) - before;
        expect(waitMs).toBeGreaterThanOrEqual(7_000);
        expect(waitMs).toBeLessThan(8_000);
      });

      it.each([400, 403, 404, 422])('%d: give up', async (status) => {
        hostile.answerWith({ kind: 'answer', status, body: '{}' });
        expect(await rejection(run(unlucky, accessOf(secretToken)))).toBeInstanceOf(GiveUp);
      });

      it.each([301, 302, 307])('%d: a redirect is not followed', async (status) => {
        other.answerWith({ kind: 'answer', status: 200, body: '{}' });
        hostile.answerWith({ kind: 'answer', status, headers: { location: `${other.url}/elsewhere` } });
        expect(await rejection(run(unlucky, accessOf(secretToken)))).toBeInstanceOf(ConnectorError);
        expect(other.seen).toEqual([]);
      });

      it('401: renews once and tries once more', async () => {
        hostile.answerWith({ kind: 'answer', status: 401, body: '{}' }, { kind: 'answer', status: 500 });
        const access = accessOf(secretToken);
        expect(await rejection(run(unlucky, access))).toBeInstanceOf(RetryLater);
        expect([access.renewals, hostile.seen.length]).toEqual([1, 2]);

        hostile.answerWith({ kind: 'answer', status: 401, body: '{}' });
        const stubborn = accessOf(secretToken);
        expect(await rejection(run(unlucky, stubborn))).toBeInstanceOf(ConnectorError);
        expect([stubborn.renewals, hostile.seen.length]).toEqual([1, 2]);
      });

      it('401 with a dead authorisation: needs a new sign-in', async () => {
        hostile.answerWith({ kind: 'answer', status: 401, body: '{}' });
        const dead = { ...accessOf(secretToken), renew: () => Promise.reject(new NeedsReconnect('over')) };
        expect(await rejection(run(unlucky, dead))).toBeInstanceOf(NeedsReconnect);
        expect(hostile.seen.length).toBe(1);
      });

      it('nobody there: try later', async () => {
        const closed = await serveHostile();
        await closed.close();
        const settings = fake.connectionSettings();
        const lost = create({ baseUrl: closed.url, settings, http, now });
        expect(await rejection(run(lost, accessOf(secretToken)))).toBeInstanceOf(RetryLater);
      });
    });

    it.each(passing)('refresh, %s: the authorisation is kept', async (_what, answer) => {
      hostile.answerWith(answer);
      expect(await rejection(unlucky.oauth.refresh(someTokens))).toBeInstanceOf(RetryLater);
    });

    it.each([
      ['an error object', (echo: string) => ({ error: { status: 400, message: echo } })],
      ['an OAuth error', (echo: string) => ({ error: 'invalid_request', error_description: echo })],
      ['an OAuth error code', (echo: string) => ({ error: echo })],
      ['another shape', (echo: string) => ({ message: echo, errors: [{ detail: echo }] })],
    ])('R64 no secret reaches a message when the provider repeats them (%s)', async (_what, shape) => {
      hostile.answerWith({ kind: 'echo', shape });
      const attempts = [
        ...operations.map(
          ([, run]) =>
            () =>
              run(unlucky, accessOf(secretToken)),
        ),
        () => unlucky.oauth.refresh(someTokens),
        () => unlucky.oauth.exchange({ code: 'secret-code-1', codeVerifier: 'secret-verifier', redirectUri }),
      ];
      const appSecrets = server.definition.secretSettings.map((name) =>
        String(fake.connectionSettings()[name]),
      );
      const secrets = [secretToken, 'secret-code-1', 'secret-verifier', 'refresh-secret-1', ...appSecrets];
      for (const attempt of attempts) {
        const error = await rejection(attempt());
        expect(error).toBeInstanceOf(ConnectorError);
        for (const secret of secrets) expect(withDecoded(String(error))).not.toContain(secret);
      }
    });
  });
}

const someTokens: Tokens = {
  accessToken: secretToken,
  refreshToken: 'refresh-secret-1',
  expiresAt: new Date('2026-11-23T00:00:00Z'),
  scopes: [],
};

/** The host's side: hands out the token and counts how often another was asked for. */
function accessOf(token: string): Access & { renewals: number } {
  return {
    renewals: 0,
    token: async () => token,
    async renew() {
      this.renewals += 1;
      return token;
    },
  };
}

/** What a promise was rejected with. */
function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
}

function waitUntil(error: unknown): number {
  return error instanceof RetryLater ? (error.at?.getTime() ?? 0) : 0;
}

/** The text, and what its base64 stretches (Basic credentials) say in clear. */
function withDecoded(text: string): string {
  const stretches = text.match(/[\w+/-]{12,}={0,2}/g) ?? [];
  return [text, ...stretches.map((stretch) => Buffer.from(stretch, 'base64').toString())].join('\n');
}
