import { expect, it } from 'vitest';
import type { WebhookReader, WebhookRequest } from './connector.ts';
import { reference } from './testing/mails.ts';

/** What a provider tells of its mails, and what is not believed. */
export function describeReports(stage: {
  reader: () => WebhookReader;
  delivered: () => readonly WebhookRequest[];
  stir: (to: string) => Promise<string>;
  complain: () => Promise<void>;
}): void {
  const { delivered } = stage;
  const verified = (reader: WebhookReader, requests: readonly WebhookRequest[]) =>
    Promise.all(requests.map(async (request) => reader.verify(request)));
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
      // A signature in the body needs no header; every other proof is in one.
      const isBodySigned = request.rawBody.includes('"Signature"');
      expect(await verified(reader, [nothing, other])).toEqual([isBodySigned, isBodySigned]);
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
