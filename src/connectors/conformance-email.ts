import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import type {
  ConnectorServer,
  EmailClient,
  EmailFake,
  EmailMessage,
  FakeOptions,
  WebhookReader,
  WebhookRequest,
} from './connector.ts';
import { serveHostile } from './testing/hostile.ts';
import type { HostileAnswer, HostileServer } from './testing/hostile.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFake } from './testing/serve-fake.ts';
import type { ServedFetch } from './testing/serve.ts';

/** What any e-mail connector owes the host, whoever the provider is. */
const webhookUrl = 'https://segue.example/webhooks/some/1';
const now = () => new Date();
const reference = { projectId: newId(), intentId: newId() };
const unsubscribe = 'https://segue.example/u/0123456789abcdefghijkl';

type Mail = EmailMessage & { key: string };

let mails = 0;

/** A mail that nobody else in the file sends. */
function mailTo(to: string, change: Partial<EmailMessage> = {}): Mail {
  const id = `${++mails}`;
  return {
    from: { address: 'hello@mail.example', name: 'Luna Vale' },
    to,
    subject: `Nightglass is out ${id} – тест 🌙`,
    html: '<p>Hello <b>Maya</b>, a line that is quite long: ' + 'é'.repeat(100) + '</p>',
    text: `Hello Maya\n\n.a line with a dot\n${'é'.repeat(100)}`,
    headers: {
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
    messageId: `${newId()}@mail.example`,
    reference,
    key: `run:${id}:`,
    ...change,
  };
}

/** The call may have been carried out: nobody said in the provider's words that it was not. */
const unsure: [name: string, answer: HostileAnswer][] = [
  ['503 without a body', { kind: 'answer', status: 503 }],
  ['502 with a page of somebody else', { kind: 'answer', status: 502, body: '<h1>Bad gateway</h1>' }],
  ['200 that is not JSON', { kind: 'answer', status: 200, body: '<html>Sign in to this network</html>' }],
  ['200 cut short', { kind: 'answer', status: 200, body: '{"id":"S' }],
  ['200 of another shape', { kind: 'answer', status: 200, body: '{"hello":"world"}' }],
  ['an answer that ends half way', { kind: 'half-closed' }],
  ['a connection that ends before a byte', { kind: 'reset' }],
  ['no answer in time', { kind: 'silent' }],
];

export function describeEmail(
  server: ConnectorServer,
  createFake: (options: FakeOptions) => EmailFake,
): void {
  const { email: createClient, webhook: createReader, definition } = server;
  if (createClient === undefined) return;

  describe(`${definition.id}: e-mail`, () => {
    const http = createHttp({ defaultTimeoutMs: 250 });
    const delivered: WebhookRequest[] = [];
    let served: ServedFetch;
    let fake: EmailFake;
    let settings: Record<string, unknown>;
    let client: EmailClient;
    let reader: WebhookReader | undefined;
    const send = (mail: Mail) => client.send(mail, { key: mail.key, signal: AbortSignal.timeout(600) });

    beforeEach(async () => {
      delivered.length = 0;
      fake = createFake({
        store: createMemoryStore(),
        now,
        webhookUrl: () => webhookUrl,
        ownUrl: () => served.url,
        async deliver({ url, headers, body }) {
          const header = (name: string) => headers[name.toLowerCase()];
          const request = { method: 'POST', url, header, rawBody: Buffer.from(body) };
          delivered.push(request);
          await reader?.confirm?.(request);
          return { status: 200, body: '' };
        },
      });
      served = await serveFake(definition, fake);
      settings = fake.connectionSettings();
      const options = { baseUrl: served.url, settings, http, now };
      client = createClient(options);
      reader = createReader?.(options);
    });
    beforeEach(() => async () => {
      // A report that is still under way would reach the next test's provider.
      await fake.settled();
      await served.close();
    });
    afterAll(() => http.close());

    it('makes settings that its own schema takes, and says what it sends from', () => {
      expect(definition.settings.safeParse(settings).success).toBe(true);
      expect(client.sender.address).toBe(settings['fromAddress']);
      expect(client.sender.returnPathDomain).toMatch(/mail\.example$/);
      expect(client.rate.count).toBeGreaterThan(0);
    });

    it('R75 hands over a mail with both one-click headers, as its reader sees it', async () => {
      const mail = mailTo('maya@fans.example');
      const sent = await send(mail);
      expect(sent.providerId).not.toBe('');
      const [view] = await fake.mails({ address: 'maya@fans.example' });
      expect(view).toMatchObject({ to: mail.to, subject: mail.subject, html: mail.html, text: mail.text });
      expect(view?.from).toMatch(/Luna Vale.*<hello@mail\.example>/);
      const names = Object.entries(view?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
      expect(Object.fromEntries(names)).toMatchObject({
        'list-unsubscribe': `<${unsubscribe}>`,
        'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      });
    });

    it('R113 a name cannot become an address, a header or another mail', async () => {
      const name = 'Eve" <eve@evil.example>\r\nBcc: all@fans.example';
      await send(mailTo('maya@fans.example', { from: { address: 'hello@mail.example', name } }));
      const seen = await fake.mails();
      expect(seen).toHaveLength(1);
      expect(seen[0]?.from).toMatch(/<hello@mail\.example>$/);
      expect(Object.keys(seen[0]?.headers ?? {}).map((one) => one.toLowerCase())).not.toContain('bcc');
    });

    it('a name of other letters arrives as it is written', async () => {
      const name = 'Дельфин и Русалка – 東京事変 🌙 с очень длинным именем артиста';
      await send(mailTo('maya@fans.example', { from: { address: 'hello@mail.example', name } }));
      expect((await fake.mails())[0]?.from).toContain(name);
    });

    it('R113 an address that is not the account’s own is refused', async () => {
      const from = { address: 'hello@somebody.example', name: 'X' };
      expect(await rejection(send(mailTo('maya@fans.example', { from })))).toBeInstanceOf(GiveUp);
    });

    it('the fake in trouble, in its own words: try later, then all is well', async () => {
      for (const mode of ['error', 'rate_limited'] as const) {
        fake.setFault({ mode, count: 1 });
        const error = await rejection(send(mailTo('maya@fans.example')));
        expect(error).toBeInstanceOf(RetryLater);
        expect(error).toMatchObject({ isLaneWide: mode === 'rate_limited' });
        await expect(send(mailTo('maya@fans.example'))).resolves.toHaveProperty('providerId');
      }
      expect(await fake.mails()).toHaveLength(2);
    });

    it.each(['down', 'garbage', 'timeout'] as const)(
      'the fake with the fault %s: unsure, then all is well',
      async (mode) => {
        fake.setFault({ mode, ms: 900, count: 1 });
        expect(await rejection(send(mailTo('maya@fans.example')))).toBeInstanceOf(Unsure);
        await expect(send(mailTo('maya@fans.example'))).resolves.toHaveProperty('providerId');
      },
    );

    it('a slow provider is only slow', async () => {
      fake.setFault({ mode: 'slow', ms: 100, count: 1 });
      await expect(send(mailTo('maya@fans.example'))).resolves.toHaveProperty('providerId');
    });

    it('a process that may not act any more sends nothing', async () => {
      const mail = mailTo('maya@fans.example');
      const late = client.send(mail, { key: mail.key, mayLeave: () => false });
      expect(await rejection(late)).toBeInstanceOf(RetryLater);
      expect(await fake.mails()).toEqual([]);
    });

    it('nobody there: try later', async () => {
      const closed = await serveHostile();
      await closed.close();
      const baseUrl = closed.url.replace('http:', `${definition.protocol ?? 'http'}:`);
      const lost = createClient({ baseUrl, settings, http, now });
      expect(await rejection(lost.send(mailTo('maya@fans.example'), { key: 'k' }))).toBeInstanceOf(
        RetryLater,
      );
    });

    it('keyed: the same key and mail again is the same mail', async () => {
      if (client.repeat.class !== 'keyed') return expect(client.repeat).toEqual({ class: 'once' });
      expect(client.repeat.windowMs).toBeGreaterThan(3_600_000);
      const mail = mailTo('maya@fans.example');
      expect(await send(mail)).toEqual(await send(mail));
      expect(await fake.mails()).toHaveLength(1);
      const other = { ...mail, subject: 'Another one' };
      expect(await rejection(send(other))).toBeInstanceOf(GiveUp);
    });

    it('several at once, answered one by one', async () => {
      const { batch } = client;
      if (batch === undefined) return;
      const list = ['a@fans.example', 'b@fans.example', 'c@fans.example'].map((to) => mailTo(to));
      const answers = await batch.send(list, { key: 'batch:1' });
      expect(answers).toHaveLength(3);
      expect(answers.filter((one) => one instanceof ConnectorError)).toEqual([]);
      expect((await fake.mails()).map(({ to }) => to).toSorted()).toEqual(list.map(({ to }) => to));
      expect(batch.max).toBeGreaterThanOrEqual(100);
    });

    if (definition.protocol === undefined) {
      describeHostile(server, http, () => settings);
    }
    if (createReader !== undefined) {
      describeReports({
        reader: () => createReader({ baseUrl: served.url, settings, http, now }),
        delivered: () => delivered,
        async stir(to) {
          const { providerId } = await send(mailTo(to));
          await fake.settled();
          return providerId;
        },
        async complain() {
          await send(mailTo('maya@fans.example'));
          const [mail] = await fake.mails();
          await fake.complain(mail?.id ?? '');
          await fake.settled();
        },
      });
    } else {
      it('R76 an address that is dead is refused at once', async () => {
        expect(await rejection(send(mailTo('bounce@fans.example')))).toBeInstanceOf(Undeliverable);
        expect(await rejection(send(mailTo('softbounce@fans.example')))).toBeInstanceOf(RetryLater);
      });
    }
  });
}

function describeHostile(
  { email: createClient, definition }: ConnectorServer,
  http: ReturnType<typeof createHttp>,
  settings: () => Record<string, unknown>,
): void {
  let hostile: HostileServer;
  const attempt = () => {
    const client = createClient?.({ baseUrl: hostile.url, settings: settings(), http, now });
    return rejection(client?.send(mailTo('maya@fans.example'), { key: 'k' }) ?? Promise.resolve());
  };
  beforeAll(async () => {
    hostile = await serveHostile();
  });
  afterAll(() => hostile.close());

  it.each(unsure)('%s: unsure', async (_name, answer) => {
    hostile.answerWith(answer);
    expect(await attempt()).toBeInstanceOf(Unsure);
    // A repeat could reach the reader twice: never by the connector itself.
    expect(hostile.seen).toHaveLength(1);
  });

  it('429: the lane waits as long as asked', async () => {
    hostile.answerWith({ kind: 'answer', status: 429, headers: { 'retry-after': '7' } });
    const before = Date.now();
    const error = await attempt();
    expect(error).toBeInstanceOf(RetryLater);
    expect(error).toMatchObject({ isLaneWide: true });
    const waitMs = (error instanceof RetryLater ? (error.at?.getTime() ?? 0) : 0) - before;
    expect(waitMs).toBeGreaterThanOrEqual(7_000);
    expect(waitMs).toBeLessThan(8_000);
  });

  it.each([301, 400, 403, 404, 422])('%d without the provider’s words: give up', async (status) => {
    hostile.answerWith({ kind: 'answer', status, body: '{}', headers: { location: 'http://10.0.0.1/' } });
    expect(await attempt()).toBeInstanceOf(GiveUp);
    expect(hostile.seen).toHaveLength(1);
  });

  it('401: connect again', async () => {
    hostile.answerWith({ kind: 'answer', status: 401, body: '{}' });
    expect(await attempt()).toBeInstanceOf(NeedsReconnect);
  });

  it.each<[name: string, answer: HostileAnswer]>([
    [
      'in an error',
      { kind: 'echo', shape: (echo) => ({ ErrorCode: 999, Message: echo, name: 'x', message: echo }) },
    ],
    ['in another shape', { kind: 'echo', shape: (echo) => ({ errors: [{ detail: echo }] }) }],
    ['nowhere, but hangs up', { kind: 'reset' }],
  ])(
    'R64 no secret and no address reaches an error when the provider repeats them %s',
    async (_where, answer) => {
      const secrets = definition.secretSettings.map((name) => String(settings()[name]));
      hostile.answerWith(answer);
      const error = await attempt();
      expect(error).toBeInstanceOf(ConnectorError);
      // `inspect` shows the stack, the causes and every property, as a log would.
      const text = inspect(error, { depth: 10 });
      for (const secret of [...secrets, 'maya@', 'Basic ', 'Bearer ']) expect(text).not.toContain(secret);
    },
  );
}

function describeReports(stage: {
  reader: () => WebhookReader;
  delivered: () => readonly WebhookRequest[];
  stir: (to: string) => Promise<string>;
  complain: () => Promise<void>;
}): void {
  const { delivered } = stage;
  const verified = (reader: WebhookReader, requests: readonly WebhookRequest[]) =>
    Promise.all(requests.map((request) => reader.verify(request)));
  const reports = (reader: WebhookReader) => delivered().flatMap((request) => reader.parse(request));

  it.each([
    ['maya@fans.example', 'delivered'],
    ['bounce@fans.example', 'hard_bounce'],
    ['softbounce+1@fans.example', 'soft_bounce'],
  ])('R76 reads what the provider signed of a mail to %s', async (to, event) => {
    const providerId = await stage.stir(to);
    const reader = stage.reader();
    expect(await verified(reader, delivered())).not.toContain(false);
    expect(reports(reader)).toMatchObject([{ kind: 'email', event, address: to, providerId, reference }]);
  });

  it('R76 reads a complaint', async () => {
    await stage.complain();
    const last = reports(stage.reader()).at(-1);
    expect(last).toMatchObject({ event: 'complaint', address: 'maya@fans.example', reference });
    expect(last?.kind === 'email' && last.reason).toMatch(/spam/);
  });

  it('a replayed webhook reads equal', async () => {
    await stage.stir('maya@fans.example');
    const reader = stage.reader();
    for (const request of delivered()) expect(reader.parse(request)).toEqual(reader.parse(request));
  });

  it('R74 refuses a request without the provider’s proof, or with another', async () => {
    await stage.stir('maya@fans.example');
    const reader = stage.reader();
    for (const request of delivered()) {
      const nothing = { ...request, header: () => undefined };
      const other = {
        ...request,
        header: (name: string) => (request.header(name) === undefined ? undefined : 'v1,AAAA'),
      };
      const empty = {
        ...nothing,
        rawBody: Buffer.from(request.rawBody.toString().replaceAll(/"Signature":"[^"]*"/g, '"Signature":""')),
      };
      expect(await verified(reader, [empty])).toEqual([false]);
      const isBodySigned = await reader.verify(nothing);
      if (!isBodySigned) expect(await verified(reader, [nothing, other])).toEqual([false, false]);
    }
  });

  it('garbage gives no items and throws nothing', async () => {
    const reader = stage.reader();
    for (const body of ['', '{', '\u0000', '%E0%A4%A', '[]', 'null', '{"Type":"Notification"}']) {
      const request = { method: 'POST', url: 'no url', header: () => body, rawBody: Buffer.from(body) };
      expect(await reader.verify(request)).toBe(false);
      expect(reader.parse(request)).toEqual([]);
    }
  });
}

/** What a promise was rejected with. */
function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    (value) => `no error, but ${JSON.stringify(value)}`,
    (error: unknown) => error,
  );
}
