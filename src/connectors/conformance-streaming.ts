import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type {
  Access,
  ConnectorDefinition,
  ConnectorServer,
  FakeOptions,
  ServiceItem,
  StreamingClient,
  StreamingFake,
  Tokens,
} from './connector.ts';
import { serveHostile } from './testing/hostile.ts';
import type { HostileAnswer, HostileServer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFetch } from './testing/serve.ts';
import type { ServedFetch } from './testing/serve.ts';

/** What any streaming connector owes the host, whoever the provider is. */
const redirectUri = 'https://segue.example/oauth/callback';
const secretToken = 'access-token-that-nobody-may-read';

const now = () => new Date();
const deliver = async () => ({ status: 200, body: '' });

type Operation = [name: string, run: (client: StreamingClient, access: Access) => Promise<unknown>];

/** What this connector says that it can do, on works of its own kind. */
function operationsOf(
  { actions }: ConnectorDefinition,
  samples: ReturnType<StreamingFake['samples']>,
  canUndo: boolean,
): Operation[] {
  const kind = (['album', 'track', 'playlist'] as const).find((one) => actions.includes(`save-${one}`));
  const items: ServiceItem[] = kind === undefined ? [] : [{ kind, id: samples[kind] }];
  const { artist } = samples;
  const key = { key: 'k' };
  const all: (Operation | false)[] = [
    kind !== undefined && ['save', (client, access) => client.save(access, items, key)],
    kind !== undefined &&
      canUndo && ['unsave', async (client, access) => client.unsave?.(access, items, key)],
    actions.includes('follow-artist') && ['follow', (client, access) => client.follow(access, artist, key)],
    actions.includes('follow-artist') && [
      'unfollow',
      (client, access) => client.unfollow(access, artist, key),
    ],
    ['probe', (client, access) => client.probe(access)],
    ['identify', (client, access) => client.oauth.identify(access)],
  ];
  return all.filter((one) => one !== false);
}

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

  const probed = createFake({ store: createMemoryStore(), now, deliver });
  const samples = probed.samples();
  const refusedAnswer = { kind: 'answer', ...probed.refusedToken } as const;
  const canUndo =
    create({ settings: probed.connectionSettings(), http: unreachable, now }).unsave !== undefined;
  const operations = operationsOf(server.definition, samples, canUndo);
  const change = operations[0];

  describe(`${server.definition.id}: streaming`, () => {
    const http = createHttp({ defaultTimeoutMs: 600 });
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

    async function signIn(user: string, by: StreamingClient = client): Promise<Tokens> {
      const scopes = client.oauth.scopesFor(server.definition.actions);
      if (by.signIn.kind === 'script') {
        // What the provider's script would give in the browser.
        return by.signIn.accept((await fake.issueGrant(user, scopes, now())).accessToken);
      }
      const codeVerifier = randomBytes(32).toString('base64url');
      const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
      const url = by.signIn.authorizeUrl({ redirectUri, state: 'state-1', codeChallenge, scopes });
      const page = await fetch(`${url}&user=${user}&decision=allow`, { redirect: 'manual' });
      const back = new URL(page.headers.get('location') ?? '');
      expect(back.searchParams.get('state')).toBe('state-1');
      return by.signIn.exchange({ code: back.searchParams.get('code') ?? '', codeVerifier, redirectUri });
    }

    it('makes settings that its own schema takes', () => {
      expect(server.definition.settings.safeParse(fake.connectionSettings()).success).toBe(true);
    });

    it('signs a fan in, saves and follows; a repeat changes nothing; all can be taken back', async () => {
      const access = accessOf((await signIn('ada')).accessToken);
      const { accountId } = await client.oauth.identify(access);
      const again = await client.oauth.identify(accessOf((await signIn('ada')).accessToken));
      expect(again.accountId).toBe(accountId);

      const changing = operations.filter(([each]) => each === 'save' || each === 'follow');
      for (const round of ['first', 'repeat']) {
        for (const [name, run] of changing) {
          await expect(run(client, access), `${name}, ${round}`).resolves.toHaveProperty('result');
        }
      }
      const counts = ['save', 'follow'].map((each) => Number(changing.some(([name]) => name === each)));
      const { saved, following } = await fake.library('ada');
      expect([saved.length, following.length]).toEqual(counts);

      for (const round of ['first', 'repeat']) {
        for (const [name, run] of operations.filter(([each]) => each.startsWith('un'))) {
          await expect(run(client, access), `${name}, ${round}`).resolves.toBeUndefined();
        }
      }
      const kept = canUndo ? 0 : counts[0];
      expect((await fake.library('ada')).saved).toHaveLength(kept ?? 0);
      expect((await fake.library('ada')).following).toEqual([]);
    });

    it('R62 an accepted save is verified by reading it back', async () => {
      const access = accessOf((await signIn('cleo')).accessToken);
      for (const [name, run] of operations.filter(([each]) => each === 'save')) {
        const { result } = (await run(client, access)) as { result: string }; // as `save` answers
        expect(result === 'accepted', name).toBe(client.readBack !== undefined);
      }
    });

    it('refreshes where it can, and knows an authorisation that is over', async () => {
      const tokens = await signIn('ada');
      await client.probe(accessOf(tokens.accessToken));
      const next = tokens.refreshToken === null ? tokens : await client.oauth.refresh(tokens);
      await client.probe(accessOf(next.accessToken));
      await fake.revokeGrant(next.refreshToken ?? next.accessToken);
      await expect(client.oauth.refresh(next)).rejects.toThrow(NeedsReconnect);
    });

    it('R64 tells the provider that a sign-in is over, where it can be told; again is no error', async () => {
      const canBeTold = client.oauth.revoke !== undefined;
      expect(canBeTold).toBe(server.definition.isRevocable ?? false);
      const [hers, his] = [await signIn('eva'), await signIn('finn')];
      await client.oauth.revoke?.(hers);
      await client.oauth.revoke?.(hers);
      const after = await Promise.allSettled([client.probe(accessOf(hers.accessToken))]);
      expect(after[0].status).toBe(canBeTold ? 'rejected' : 'fulfilled');
      await client.probe(accessOf(his.accessToken));
    });

    it('R64 a provider that does not hear that a sign-in is over is told later', async () => {
      const tokens = await signIn('eva');
      for (const [name, answer] of passing.filter(([, { kind }]) => kind !== 'answer')) {
        hostile.answerWith(answer);
        const told = unlucky.oauth.revoke?.(tokens) ?? Promise.reject(new RetryLater('cannot be told'));
        expect(await rejection(told), name).toBeInstanceOf(RetryLater);
      }
      hostile.answerWith({ kind: 'answer', status: 503 });
      const told = unlucky.oauth.revoke?.(tokens) ?? Promise.reject(new RetryLater('cannot be told'));
      expect(await rejection(told)).toBeInstanceOf(RetryLater);
    });

    it('the fake lets a user remove the app: her sign-ins are over, those of others are not', async () => {
      const [hers, again, his] = [await signIn('ada'), await signIn('ada'), await signIn('bo')];
      await fake.removeApp('ada');
      for (const tokens of [hers, again])
        await expect(client.oauth.refresh(tokens)).rejects.toThrow(NeedsReconnect);
      await expect(client.probe(accessOf(his.accessToken))).resolves.toBeUndefined();
    });

    it('gives up on a code or token that is wrong or spent', async () => {
      const attempt =
        client.signIn.kind === 'redirect'
          ? client.signIn.exchange({ code: 'no-such-code', codeVerifier: 'v'.repeat(43), redirectUri })
          : client.signIn.accept('no-such-token');
      await expect(attempt).rejects.toThrow(GiveUp);
    });

    it.each([-4, 4])('a clock that is %d minutes off', async (minutes) => {
      const skewed = () => new Date(Date.now() + minutes * 60_000);
      const settings = fake.connectionSettings();
      const off = create({ baseUrl: served.url, settings, http, now: skewed });
      const access = accessOf((await signIn('dora', off)).accessToken);
      await expect(change?.[1](off, access)).resolves.toBeDefined();
    });

    it.each(['error', 'down', 'garbage', 'rate_limited', 'timeout'] as const)(
      'the fake with the fault %s: try later, then all is well',
      async (mode) => {
        const access = accessOf((await signIn('bo')).accessToken);
        fake.setFault({ mode, ms: 900, count: 1 });
        await expect(change?.[1](client, access)).rejects.toThrow(RetryLater);
        await expect(change?.[1](client, access)).resolves.toHaveProperty('result');
      },
    );

    it('a slow provider is only slow', async () => {
      const access = accessOf((await signIn('bo')).accessToken);
      fake.setFault({ mode: 'slow', ms: 100, count: 1 });
      await expect(change?.[1](client, access)).resolves.toHaveProperty('result');
    });

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

      it('a refused token: renews once and tries once more', async () => {
        hostile.answerWith(refusedAnswer, { kind: 'answer', status: 500 });
        const access = accessOf(secretToken);
        expect(await rejection(run(unlucky, access))).toBeInstanceOf(RetryLater);
        expect([access.renewals, hostile.seen.length]).toEqual([1, 2]);

        hostile.answerWith(refusedAnswer);
        const stubborn = accessOf(secretToken);
        expect(await rejection(run(unlucky, stubborn))).toBeInstanceOf(ConnectorError);
        expect([stubborn.renewals, hostile.seen.length]).toEqual([1, 2]);
      });

      it('a refused token of a dead authorisation: needs a new sign-in', async () => {
        hostile.answerWith(refusedAnswer);
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
      // What a script gave cannot be renewed: nobody is even asked.
      const expected = client.signIn.kind === 'script' ? NeedsReconnect : RetryLater;
      expect(await rejection(unlucky.oauth.refresh(someTokens))).toBeInstanceOf(expected);
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
        async () =>
          unlucky.signIn.kind === 'redirect'
            ? unlucky.signIn.exchange({ code: 'secret-code-1', codeVerifier: 'secret-verifier', redirectUri })
            : unlucky.signIn.accept(secretToken),
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

/** For a client that is only looked at. */
const unreachable = () => Promise.reject(new Error('nothing is called here'));

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
