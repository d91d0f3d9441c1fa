import { SegmentedMessage } from 'sms-segments-calculator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countParts } from '../kit/sms/parts.ts';
import { accountSid, authToken, ourNumber, phone, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const call = { key: 'run:1:twilio' };

async function post(form: Record<string, string>, options: { token?: string; type?: string } = {}) {
  const { token = authToken, type = 'application/x-www-form-urlencoded' } = options;
  const response = await fetch(`${stage.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${accountSid}:${token}`)}`, 'content-type': type },
    body: type.includes('json') ? JSON.stringify(form) : new URLSearchParams(form).toString(),
  });
  // As: an unknown JSON object, looked into by the assertions.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const say = (body: string) => stage.fake.receiveText({ from: phone, to: ourNumber, body });
const inbox = async () =>
  (await stage.fake.texts({ number: phone, direction: 'in' })).map(({ body }) => body);

const good = { To: phone, From: ourNumber, Body: 'Hello' };

describe('as strict as the provider', () => {
  test('201 has the documented shape', async () => {
    const { status, body } = await post({ ...good, Body: 'x'.repeat(161) });
    expect(status).toBe(201);
    const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${String(body['sid'])}`;
    expect(body).toEqual({
      account_sid: accountSid,
      api_version: '2010-04-01',
      body: 'x'.repeat(161),
      date_created: 'Mon, 23 Nov 2026 12:00:00 +0000',
      date_sent: null,
      date_updated: 'Mon, 23 Nov 2026 12:00:00 +0000',
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: ourNumber,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '2',
      price: null,
      price_unit: 'USD',
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      subresource_uris: { media: `${uri}/Media.json` },
      to: phone,
      uri: `${uri}.json`,
    });
  });

  test.each([
    [{ ...good, To: '' }, 21604],
    [{ ...good, From: '' }, 21603],
    [{ ...good, Body: '' }, 21602],
    [{ ...good, Body: 'x'.repeat(1601) }, 21617],
    [{ ...good, To: '2125550123' }, 21211],
    [{ ...good, From: '+16195550177' }, 21659],
    [{ ...good, StatusCallback: 'nowhere' }, 21609],
    [{ ...good, MessagingServiceSid: `MG${'0'.repeat(32)}` }, 21701],
    [{ ...good, From: '+15005550001' }, 21212],
    [{ ...good, From: '+15005550007' }, 21606],
    [{ ...good, From: '+15005550008' }, 21611],
    [{ ...good, To: '+15005550003' }, 21408],
  ])('%j is refused with %d', async (form, code) => {
    expect(await post(form)).toEqual({
      status: 400,
      body: {
        code,
        message: expect.any(String),
        more_info: `https://www.twilio.com/docs/errors/${code}`,
        status: 400,
      },
    });
    expect(await stage.fake.texts()).toEqual([]);
  });

  test('reads only forms, and nothing without the right token', async () => {
    expect(await post(good, { type: 'application/json' })).toMatchObject({
      status: 400,
      body: { code: 21604 },
    });
    expect(await post(good, { token: 'wrong' })).toMatchObject({ status: 401, body: { code: 20003 } });
    expect(stage.fake.calls().map(({ status }) => status)).toEqual([400, 401]);
    expect(JSON.stringify(stage.fake.calls())).not.toContain(authToken);
  });
});

describe('status callbacks', () => {
  test('sent, then delivered, signed and with the query of the URL', async () => {
    const { providerId } = await stage.client.send(stage.message(), call);
    await stage.fake.settled();
    expect(stage.received).toMatchObject([
      { kind: 'delivery', providerId, status: 'sent', reason: null },
      { kind: 'delivery', providerId, status: 'delivered', reason: null },
    ]);
    expect(await stage.fake.texts()).toMatchObject([{ status: 'delivered' }]);
  });

  test('a carrier’s refusal comes as undelivered, and never reaches the phone', async () => {
    await stage.client.send(stage.message({ to: '+15005530007' }), call);
    await stage.fake.settled();
    expect(stage.received.at(-1)).toMatchObject({
      status: 'undelivered',
      reason: expect.stringContaining('30007'),
    });
    expect(await stage.fake.texts({ number: '+15005530007' })).toEqual([]);
  });

  test('can overtake each other, come twice, or stay away', async () => {
    stage.fake.setNetwork({ reorder: true, duplicates: true });
    await stage.client.send(stage.message(), call);
    await stage.fake.settled();
    const statuses = () => stage.received.map((item) => (item.kind === 'delivery' ? item.status : item.kind));
    expect(statuses()).toEqual(['delivered', 'delivered', 'sent', 'sent']);

    stage.fake.setCallbacks({ mode: 'off' });
    await stage.client.send(stage.message(), call);
    await stage.fake.settled();
    expect(statuses()).toHaveLength(4);
    expect(await stage.fake.texts()).toMatchObject([{ status: 'delivered' }, { status: 'delivered' }]);
  });

  test('a sender’s parts leave at its pace', async () => {
    stage.fake.setCallbacks({ partsPerSecond: 20 });
    const start = performance.now();
    for (let i = 0; i < 4; i += 1) await stage.client.send(stage.message({ body: `Text ${i}` }), call);
    await stage.fake.settled();
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
    expect(stage.received).toHaveLength(8);
  });
});

describe('phones', () => {
  test('a text in is told to Segue with its id, and can be listed', async () => {
    const text = { from: phone, to: ourNumber, body: 'PRESAVE', id: 'text-1', zip: '92101' };
    expect(await stage.fake.receiveText(text)).toEqual({ id: 'text-1', webhookStatus: 200 });
    expect(stage.received).toMatchObject([
      { kind: 'text', text: { body: 'PRESAVE', from: phone, zip: '92101' } },
    ]);
    expect(await stage.fake.texts({ number: phone, direction: 'out' })).toMatchObject([{ id: 'text-1' }]);
    expect(await stage.fake.texts({ number: phone, direction: 'in' })).toEqual([]);
    expect(await stage.fake.receiveText({ ...text, to: '+16195550999' })).toBeNull();
  });

  test('the same id again is the same text, told again', async () => {
    const text = { from: phone, to: ourNumber, body: 'PRESAVE', id: 'text-1' };
    await stage.fake.receiveText(text);
    await stage.fake.receiveText({ ...text, body: 'CHANGED' });
    expect(stage.received).toHaveLength(2);
    expect(stage.received[0]).toEqual(stage.received[1]);
    expect(await stage.fake.texts()).toHaveLength(1);
  });

  test('a failed webhook is tried once more, not twice', async () => {
    stage.webhookAnswers.push(503);
    const first = await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'one' });
    expect(first?.webhookStatus).toBe(200);
    stage.webhookAnswers.push(503, 503);
    const second = await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'two' });
    expect(second?.webhookStatus).toBe(503);
    expect(stage.received).toHaveLength(1);
  });

  test('with reorder a later text overtakes an earlier one', async () => {
    stage.fake.setNetwork({ reorder: true });
    await Promise.all(
      ['first', 'second'].map((body) => stage.fake.receiveText({ from: phone, to: ourNumber, body })),
    );
    expect(stage.received.map((item) => item.kind === 'text' && item.text.body)).toEqual(['second', 'first']);
  });

  test('lists newest first, in pieces', async () => {
    for (const body of ['1', '2', '3'])
      await stage.fake.receiveText({ from: phone, to: ourNumber, body, id: body });
    const [newest, middle] = await stage.fake.texts({ limit: 2 });
    expect([newest?.id, middle?.id]).toEqual(['3', '2']);
    expect(await stage.fake.texts({ before: '2' })).toMatchObject([{ id: '1' }]);
  });
});

describe('R40 R43 R98 opt-out by the provider', () => {
  test('STOP blocks and is confirmed once by the provider; Segue hears it too', async () => {
    await say(' stop ');
    await say('STOP');
    await say('HELP');
    expect(await inbox()).toEqual([expect.stringContaining('unsubscribed')]);
    expect(stage.received).toMatchObject([{ text: { optOut: null } }, { text: { body: 'STOP' } }, {}]);
    await expect(stage.client.send(stage.message(), call)).rejects.toMatchObject({ skip: 'provider_block' });
    // The block is of the pair.
    await stage.client.send(stage.message({ to: '+12125550999' }), call);
  });

  test('START lifts the block; YES does not confirm to those who never left', async () => {
    await say('YES');
    expect(await inbox()).toEqual([]);
    await say('STOPALL');
    await say('START');
    expect(await inbox()).toEqual([expect.stringContaining('subscribed again'), expect.any(String)]);
    await stage.client.send(stage.message(), call);
  });

  test('a sentence with STOP in it is nothing to the provider', async () => {
    await say('STOP PLEASE');
    expect(await inbox()).toEqual([]);
    await stage.client.send(stage.message(), call);
  });

  test('with Advanced Opt-Out the webhook says so, and added words opt in', async () => {
    const number = { number: ourNumber, accountSid, authToken, inboundUrl: stage.webhookUrl };
    await stage.fake.setNumber({ ...number, advancedOptOut: true, optInWords: ['Presave'] });
    for (const word of ['STOP', 'PRESAVE', 'HELP']) await say(word);
    expect(stage.received).toMatchObject(['stop', 'start', 'help'].map((optOut) => ({ text: { optOut } })));
    await stage.client.send(stage.message(), call);
  });

  test('with handling switched off the provider neither answers nor blocks', async () => {
    const number = { number: ourNumber, accountSid, authToken, inboundUrl: stage.webhookUrl };
    await stage.fake.setNumber({ ...number, optOutHandling: 'segue' });
    await say('STOP');
    expect(await inbox()).toEqual([]);
    await stage.client.send(stage.message(), call);
  });

  test('a Messaging Service takes a text to a blocked phone and reports the opt-out afterwards', async () => {
    const messagingServiceSid = `MG${'1b'.repeat(16)}`;
    const number = { number: ourNumber, accountSid, authToken, inboundUrl: stage.webhookUrl };
    await stage.fake.setNumber({ ...number, messagingServiceSid });
    await say('STOP');
    await stage.clientWith({ messagingServiceSid }).send(stage.message(), call);
    await stage.fake.settled();
    expect(stage.received.at(-1)).toMatchObject({ kind: 'delivery', status: 'failed', isOptOut: true });
  });
});

describe('durability', () => {
  test('a new process over the same store has numbers, texts and blocks, and ends what was on its way', async () => {
    await stage.fake.receiveText({ from: phone, to: ourNumber, body: 'STOP' });
    stage.fake.setCallbacks({ sentAfterMs: 60_000 });
    const other = '+12125550999';
    const sent = await stage.client.send(stage.message({ to: other }), call);
    stage.fake.close();

    const again = await setStage({ store: stage.store });
    await again.fake.settled();
    expect(await again.fake.texts()).toMatchObject([
      { id: sent.providerId, to: other, status: 'delivered' },
      { to: phone, direction: 'in' },
      { from: phone, direction: 'out' },
    ]);
    await expect(again.client.send(again.message(), call)).rejects.toMatchObject({ skip: 'provider_block' });
    await again.close();
  });

  test('a number keeps its credentials when it is added again', async () => {
    const first = await stage.fake.addNumber('+16195550155', null);
    expect(await stage.fake.addNumber('+16195550155', stage.webhookUrl)).toEqual(first);
    const client = stage.clientWith(first);
    await client.send(stage.message({ from: '+16195550155' }), call);
  });
});

test('plain texts are counted as the provider’s calculator counts them', () => {
  const alphabet = 'abcXYZ019 !"#%&\'()*+,-./:;<=>?@_$\n';
  const bodies = [1, 159, 160, 161, 306, 307, 459, 460, 1600].map((length) =>
    Array.from({ length }, (_, i) => alphabet[(i * 7) % alphabet.length]).join(''),
  );
  const calculated = bodies.map((body) => new SegmentedMessage(body).segmentsCount);
  expect(bodies.map(countParts)).toEqual(calculated);
  expect(countParts('€'.repeat(81))).toBe(2);
});
