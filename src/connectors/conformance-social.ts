import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import type {
  ConnectorServer,
  DirectMessage,
  FakeOptions,
  SocialClient,
  SocialFake,
  WebhookItem,
  WebhookReader,
  WebhookRequest,
} from './connector.ts';
import { serveHostile, type HostileAnswer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFake } from './testing/serve-fake.ts';
import type { ServedFetch } from './testing/serve.ts';

const webhookUrl = 'https://segue.example/webhooks/some/1';
const hourMs = 3_600_000;

/** What any connector to a social network owes the host, whoever the provider is. */
export function describeSocial(
  server: ConnectorServer,
  createFake: (options: FakeOptions) => SocialFake,
): void {
  const { social: createClient, webhook: createReader, login: createLogin, definition } = server;
  if (createClient === undefined || createReader === undefined) return;

  describe(`${definition.id}: social`, () => {
    const http = createHttp({ defaultTimeoutMs: 250 });
    const delivered: WebhookRequest[] = [];
    let offsetMs = 0;
    let served: ServedFetch;
    let fake: SocialFake;
    let client: SocialClient;
    let reader: WebhookReader;
    const now = () => new Date(Date.now() + offsetMs);
    const send = (message: DirectMessage) =>
      client.send(message, { key: 'k', signal: AbortSignal.timeout(600) });
    const items = (): WebhookItem[] => delivered.flatMap((request) => reader.parse(request));

    /** A fan who wrote, as the account knows her. */
    async function fan(name = 'maya'): Promise<string> {
      await fake.receiveMessage({ fan: name, text: 'hello' });
      return fake.addressOf(name);
    }

    beforeEach(async () => {
      delivered.length = 0;
      offsetMs = 0;
      fake = createFake({
        store: createMemoryStore(),
        now,
        webhookUrl: () => webhookUrl,
        ownUrl: () => served.url,
        deliver({ url, headers, body }) {
          const header = (name: string) => headers[name.toLowerCase()];
          delivered.push({ method: 'POST', url, header, rawBody: Buffer.from(body) });
          return Promise.resolve({ status: 200, body: '' });
        },
      });
      served = await serveFake(definition, fake);
      const options = { baseUrl: served.url, settings: fake.connectionSettings(), http, now };
      client = createClient(options);
      reader = createReader(options);
      return async () => {
        await fake.settled();
        await served.close();
      };
    });
    afterAll(() => http.close());

    it('makes settings that its own schema takes, and says whose account it is', () => {
      expect(definition.settings.safeParse(fake.connectionSettings()).success).toBe(true);
      expect(client.account).toEqual(fake.account());
    });

    it('R70 a message goes to who wrote in the last 24 hours, and to nobody else', async () => {
      const recipientId = await fan();
      await expect(send({ recipientId, text: 'Hi.' })).resolves.toHaveProperty('providerId');
      offsetMs = 24 * hourMs;
      expect(await rejection(send({ recipientId, text: 'Hi.' }))).toMatchObject({
        name: 'GiveUp',
        skip: 'ig_window',
      });
      expect(await rejection(send({ recipientId: '123456789', text: 'Hi.' }))).toBeInstanceOf(GiveUp);
    });

    it('R69 a comment is answered privately once, within seven days', async () => {
      const [post] = await fake.posts();
      const postId = post?.id ?? '';
      const first = await fake.receiveComment({ fan: 'maya', postId, text: 'one' });
      const second = await fake.receiveComment({ fan: 'noor', postId, text: 'two' });
      const reply = (commentId: string | undefined) => send({ commentId: commentId ?? '', text: 'Thanks.' });
      expect(await reply(first?.id)).toMatchObject({ recipientId: fake.addressOf('maya') });
      expect(await rejection(reply(first?.id))).toMatchObject({ skip: 'ig_reply_used' });
      offsetMs = 7 * 24 * hourMs;
      expect(await rejection(reply(second?.id))).toMatchObject({ skip: 'ig_reply_expired' });
      expect(await rejection(reply('1'))).toBeInstanceOf(GiveUp);
    });

    it('lists what the account posted', async () => {
      const known = await fake.posts();
      expect((await client.listPosts()).map(({ id, caption }) => ({ id, caption }))).toEqual(
        known.map(({ id, caption }) => ({ id, caption })),
      );
      for (const { at } of await client.listPosts()) expect(at).toBeInstanceOf(Date);
    });

    it('a text is counted in bytes, and one that is too long never leaves', async () => {
      const recipientId = await fan();
      const longest = '🔥'.repeat(client.maxTextBytes / 4);
      await expect(send({ recipientId, text: longest })).resolves.toHaveProperty('providerId');
      const before = fake.calls().length;
      expect(await rejection(send({ recipientId, text: `${longest}!` }))).toBeInstanceOf(GiveUp);
      expect(fake.calls()).toHaveLength(before);
    });

    it('R74 what the provider signed is read; without its signature or with another it is refused', async () => {
      await fake.receiveMessage({ fan: 'maya', text: 'schön 🔥' });
      for (const request of delivered) {
        expect(reader.verify(request)).toBe(true);
        expect(reader.verify({ ...request, header: () => undefined })).toBe(false);
        expect(reader.verify({ ...request, header: () => 'sha256=00' })).toBe(false);
        expect(reader.verify({ ...request, rawBody: Buffer.from(`${request.rawBody.toString()} `) })).toBe(
          false,
        );
        expect(reader.parse(request)).toEqual(reader.parse(request));
      }
      expect(items()).toMatchObject([
        {
          kind: 'direct_message',
          message: {
            accountId: client.account?.id,
            senderId: fake.addressOf('maya'),
            text: 'schön 🔥',
            attachmentCount: 0,
          },
        },
      ]);
    });

    it('R71 comments are told in every shape, and what the account itself wrote as an echo', async () => {
      const [post] = await fake.posts();
      for (const text of ['one', 'two', 'three'])
        await fake.receiveComment({ fan: 'maya', postId: post?.id ?? '', text });
      const comments = items().flatMap((item) => (item.kind === 'comment' ? [item.comment] : []));
      expect(comments.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
      expect(comments[0]).toMatchObject({
        authorId: fake.addressOf('maya'),
        authorName: 'maya',
        mediaId: post?.id,
      });
      delivered.length = 0;
      const sent = await send({ recipientId: await fan(), text: 'Hi.' });
      await fake.settled();
      const echo = { kind: 'echo', message: { providerId: sent.providerId, text: 'Hi.' } };
      expect(items().filter(({ kind }) => kind === 'echo')).toMatchObject([echo]);
    });

    it('a replayed webhook reads equal', async () => {
      await fake.receiveMessage({ fan: 'maya', text: 'hello' });
      const [request] = delivered;
      const again = request && { ...request, rawBody: Buffer.from(request.rawBody) };
      expect(again && (await reader.verify(again))).toBe(true);
      expect(again && reader.parse(again)).toEqual(items());
    });

    it.each([-4, 4])('a clock that is %d minutes off', async (minutes) => {
      const skewed = () => new Date(Date.now() + minutes * 60_000);
      const options = { baseUrl: served.url, settings: fake.connectionSettings(), http, now: skewed };
      const message = { recipientId: await fan(), text: 'Hi.' };
      await expect(createClient(options).send(message, { key: 'k' })).resolves.toHaveProperty('providerId');
      for (const request of delivered) expect(await createReader(options).verify(request)).toBe(true);
    });

    it('a slow provider is only slow', async () => {
      const recipientId = await fan();
      fake.setFault({ mode: 'slow', ms: 100, count: 1 });
      await expect(send({ recipientId, text: 'Hi.' })).resolves.toHaveProperty('providerId');
    });

    it('garbage gives no items and throws nothing', async () => {
      for (const body of ['', '{', '\u0000', '[]', 'null', '{"entry":[{}]}', '[[[]]]']) {
        const request = { method: 'POST', url: 'no url', header: () => body, rawBody: Buffer.from(body) };
        expect(await reader.verify(request)).toBe(false);
        expect(reader.parse(request)).toEqual([]);
      }
    });

    it('the fake in trouble, in its own words: try later, then all is well', async () => {
      const recipientId = await fan();
      for (const mode of ['error', 'rate_limited'] as const) {
        fake.setFault({ mode, count: 1 });
        const error = await rejection(send({ recipientId, text: 'Hi.' }));
        expect(error).toMatchObject({ name: 'RetryLater', isLaneWide: mode === 'rate_limited' });
        await expect(send({ recipientId, text: 'Hi.' })).resolves.toHaveProperty('providerId');
      }
    });

    it.each(['down', 'garbage', 'timeout'] as const)('with the fault %s nobody knows', async (mode) => {
      const recipientId = await fan();
      fake.setFault({ mode, ms: 900, count: 1 });
      expect(await rejection(send({ recipientId, text: 'Hi.' }))).toBeInstanceOf(Unsure);
    });

    it.each<[string, HostileAnswer]>([
      ['half an answer', { kind: 'half-closed' }],
      ['a reset', { kind: 'reset' }],
      ['silence', { kind: 'silent' }],
      ['an answer without an id', { kind: 'answer', status: 200, body: '{}' }],
      ['a page of somebody else', { kind: 'answer', status: 200, body: '<p>Welcome' }],
      [
        '200 with an error in it',
        { kind: 'answer', status: 200, body: '{"error":{"message":"no","code":1}}' },
      ],
    ])('%s: it may have been carried out', async (_, answer) => {
      const hostile = await serveHostile();
      hostile.answerWith(answer);
      const options = { baseUrl: hostile.url, settings: fake.connectionSettings(), http, now };
      const message = { recipientId: '1', text: 'Hi.' };
      expect(await rejection(createClient(options).send(message, { key: 'k' }))).toBeInstanceOf(Unsure);
      expect(hostile.seen).toHaveLength(1);
      await hostile.close();
    });

    it('follows no redirect, and shows no secret in what it says', async () => {
      const hostile = await serveHostile();
      const settings = fake.connectionSettings();
      const options = { baseUrl: hostile.url, settings, http, now };
      const secrets = definition.secretSettings.flatMap((name) => settings[name] ?? []).map(String);
      const location = 'http://169.254.169.254/latest';
      const answers: HostileAnswer[] = [
        { kind: 'answer', status: 302, headers: { location } },
        { kind: 'echo', shape: (echo) => ({ error: { message: echo, type: 'x', code: 100 } }) },
      ];
      for (const answer of answers) {
        hostile.answerWith(answer);
        const error = await rejection(
          createClient(options).send({ recipientId: '1', text: 'Hi.' }, { key: 'k' }),
        );
        expect(error).toBeInstanceOf(ConnectorError);
        for (const secret of secrets) expect((error as ConnectorError).reason).not.toContain(secret);
        expect(hostile.seen).toHaveLength(1);
      }
      await hostile.close();
    });

    it('a process that may not act any more sends nothing', async () => {
      const recipientId = await fan();
      const late = client.send({ recipientId, text: 'Hi.' }, { key: 'k', mayLeave: () => false });
      expect(await rejection(late)).toBeInstanceOf(RetryLater);
      expect(await fake.messages('maya')).toHaveLength(1);
    });

    it('nobody there: try later', async () => {
      const closed = await serveHostile();
      await closed.close();
      const lost = createClient({ baseUrl: closed.url, settings: fake.connectionSettings(), http, now });
      expect(await rejection(lost.send({ recipientId: '1', text: 'Hi.' }, { key: 'k' }))).toBeInstanceOf(
        RetryLater,
      );
    });

    it('before anybody has signed in there is no account, and nothing is sent', async () => {
      const gone = new Set(definition.accountSettings);
      const entries = Object.entries(fake.connectionSettings()).filter(([name]) => !gone.has(name));
      const settings = Object.fromEntries(entries);
      expect(definition.settings.safeParse(settings).success).toBe(true);
      const empty = createClient({ baseUrl: served.url, settings, http, now });
      expect(empty.account).toBeNull();
      expect(await rejection(empty.send({ recipientId: '1', text: 'Hi.' }, { key: 'k' }))).toBeInstanceOf(
        NeedsReconnect,
      );
    });

    it('signs in, once with each code, and what that gives is good', async () => {
      const login = createLogin?.({ baseUrl: served.url, settings: fake.connectionSettings(), http, now });
      if (login === undefined) return;
      const redirectUri = 'https://segue.example/back';
      const url = new URL(login.authorizeUrl({ redirectUri, state: 'the state' }));
      url.searchParams.set('decision', 'allow');
      const away = await fetch(url, { redirect: 'manual' });
      const back = new URL(away.headers.get('location') ?? '');
      expect(back.searchParams.get('state')).toBe('the state');
      const code = back.searchParams.get('code') ?? '';
      const given = await login.exchange({ code, redirectUri });
      const settings = { ...fake.connectionSettings(), ...given };
      expect(definition.settings.safeParse(settings).success).toBe(true);
      const signedIn = createClient({ baseUrl: served.url, settings, http, now });
      const message = { recipientId: await fan(), text: 'Hi.' };
      await expect(signedIn.send(message, { key: 'k' })).resolves.toHaveProperty('providerId');
      expect(await rejection(login.exchange({ code, redirectUri }))).toBeInstanceOf(GiveUp);
      expect(await rejection(login.exchange({ code: 'none', redirectUri }))).toBeInstanceOf(GiveUp);
    });
  });
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.unreachable('it should have been refused'),
    (error: unknown) => error,
  );
}
