import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ConnectorError, GiveUp, RetryLater, Undeliverable, Unsure } from '#lib/errors.ts';
import { createHttp } from '#lib/http.ts';
import { describeHostile } from './conformance-email-hostile.ts';
import { describeReports } from './conformance-email-reports.ts';
import type {
  ConnectorServer,
  EmailClient,
  EmailFake,
  FakeOptions,
  WebhookReader,
  WebhookRequest,
} from './connector.ts';
import { serveHostile } from './testing/hostile.ts';
import { type Mail, mailTo, rejection, unsubscribe } from './testing/mails.ts';
import { createMemoryStore } from './testing/memory-store.ts';
import { serveFake } from './testing/serve-fake.ts';
import type { ServedFetch } from './testing/serve.ts';

const webhookUrl = 'https://segue.example/webhooks/some/1';
const now = () => new Date();

/** What any e-mail connector owes the host, whoever the provider is. */
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

    it.each([-4, 4])('a clock that is %d minutes off', async (minutes) => {
      const skewed = () => new Date(Date.now() + minutes * 60_000);
      const options = { baseUrl: served.url, settings, http, now: skewed };
      const mail = mailTo('maya@fans.example');
      await expect(createClient(options).send(mail, { key: mail.key })).resolves.toHaveProperty('providerId');
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

    it('a repeat is what the connector says it is: the same mail again, or a second one', async () => {
      const { repeat } = client;
      const mail = mailTo('maya@fans.example');
      const sent = [await send(mail), await send(mail)];
      expect(await fake.mails()).toHaveLength(repeat.class === 'keyed' ? 1 : 2);
      if (repeat.class === 'once') return;
      expect(repeat.windowMs).toBeGreaterThan(3_600_000);
      expect(sent[1]).toEqual(sent[0]);
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

    if (definition.protocol === undefined) describeHostile(server, http, () => settings);
    if (createReader === undefined) describeRefusals(send);
    else
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
  });
}

/** A provider without webhooks says it at once. */
function describeRefusals(send: (mail: Mail) => Promise<unknown>): void {
  it('R76 an address that is dead is refused at once', async () => {
    expect(await rejection(send(mailTo('bounce@fans.example')))).toBeInstanceOf(Undeliverable);
    expect(await rejection(send(mailTo('softbounce@fans.example')))).toBeInstanceOf(RetryLater);
  });
}
