import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ConnectorError, GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import type { Http } from '#lib/http.ts';
import type { ConnectorServer } from './connector.ts';
import { type HostileAnswer, type HostileServer, serveHostile } from './testing/hostile.ts';
import { mailTo, rejection } from './testing/mails.ts';

const now = () => new Date();

/** The call may have been carried out: nobody said in the provider's words that it was not. */
const unsure: [name: string, answer: HostileAnswer][] = [
  ['503 without a body', { kind: 'answer', status: 503 }],
  ['502 with a page of somebody else', { kind: 'answer', status: 502, body: '<h1>Bad gateway</h1>' }],
  ['200 that is not JSON', { kind: 'answer', status: 200, body: '<html>Sign in to this network</html>' }],
  ['200 cut short', { kind: 'answer', status: 200, body: '{"id":"S' }],
  ['200 of another shape', { kind: 'answer', status: 200, body: '{"hello":"world"}' }],
  ['200 with an error in it', { kind: 'answer', status: 200, body: '{"error":{"message":"no","code":1}}' }],
  ['an answer that ends half way', { kind: 'half-closed' }],
  ['a connection that ends before a byte', { kind: 'reset' }],
  ['no answer in time', { kind: 'silent' }],
];

/** Answers that no provider words, or that somebody else gives in its place. */
export function describeHostile(
  { email: createClient, definition }: ConnectorServer,
  http: Http,
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

  it.each([301, 302, 303, 307, 308])(
    '%d: a redirect is not followed, nor the mail or a key carried on',
    async (status) => {
      const other = await serveHostile();
      other.answerWith({ kind: 'answer', status: 200, body: '{}' });
      hostile.answerWith({ kind: 'answer', status, headers: { location: `${other.url}/elsewhere` } });
      expect(await attempt()).toBeInstanceOf(ConnectorError);
      expect(other.seen).toEqual([]);
      await other.close();
    },
  );

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
