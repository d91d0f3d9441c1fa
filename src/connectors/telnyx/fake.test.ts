import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ourNumber, phone, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const call = { key: 'run:1:telnyx' };
const good = { to: phone, from: ourNumber, text: 'Hello' };

async function ask(path: string, init: { body?: unknown; key?: string; type?: string } = {}) {
  const { body, key = String(stage.settings['apiKey']), type = 'application/json' } = init;
  const response = await fetch(`${stage.url}/v2${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': type },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // As: an unknown JSON object, looked into by the assertions.
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const refused = (code: number, status: number) => ({
  status,
  body: { errors: [expect.objectContaining({ code: String(code), title: expect.any(String) })] },
});

const say = (body: string) => stage.fake.receiveText({ from: phone, to: ourNumber, body });
const inbox = async () =>
  (await stage.fake.texts({ number: phone, direction: 'in' })).map(({ body }) => body);

describe('as strict as the provider', () => {
  test('200 has the documented shape', async () => {
    const url = `${stage.webhookUrl}?intent=1`;
    const { status, body } = await ask('/messages', {
      body: { ...good, text: 'x'.repeat(161), webhook_url: url, use_profile_webhooks: false, type: 'SMS' },
    });
    expect(status).toBe(200);
    expect(body['data']).toEqual({
      record_type: 'message',
      direction: 'outbound',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: 'SMS',
      messaging_profile_id: stage.settings['messagingProfileId'],
      organization_id: expect.any(String),
      from: { phone_number: ourNumber, carrier: 'Telnyx', line_type: 'Wireless' },
      to: [{ phone_number: phone, status: 'queued', carrier: 'T-Mobile USA', line_type: 'Wireless' }],
      cc: [],
      text: 'x'.repeat(161),
      subject: null,
      media: [],
      webhook_url: url,
      webhook_failover_url: null,
      encoding: 'GSM-7',
      parts: 2,
      tags: [],
      cost: null,
      received_at: '2026-11-23T12:00:00.000Z',
      sent_at: null,
      completed_at: null,
      valid_until: null,
      errors: [],
    });
  });

  test.each([
    [{ ...good, to: '' }, 10004, 422],
    [{ ...good, from: '' }, 10004, 422],
    [{ ...good, text: '' }, 40316, 422],
    [{ ...good, text: 'x'.repeat(1531) }, 40302, 422],
    [{ ...good, text: 'é🎵'.repeat(300) }, 40302, 422],
    [{ ...good, to: '2125550123' }, 40310, 422],
    [{ ...good, to: ourNumber }, 40310, 422],
    [{ ...good, from: '+16195550177' }, 40305, 422],
    [{ ...good, webhook_url: 'nowhere' }, 10003, 422],
    [{ ...good, messaging_profile_id: '11111111-2222-4333-8444-555555555555' }, 10006, 422],
    [{ ...good, invented: true }, 10015, 400],
    [{ ...good, to: [phone] }, 10015, 400],
    [{ ...good, to: '+15005540309' }, 40309, 422],
    ['{', 10015, 400],
  ])('%j is refused with %d', async (body, code, status) => {
    expect(await ask('/messages', { body })).toEqual(refused(code, status));
    expect(await stage.fake.texts()).toEqual([]);
  });

  test('reads only JSON, and nothing without the right key', async () => {
    const form = { body: 'to=1', type: 'application/x-www-form-urlencoded' };
    expect(await ask('/messages', form)).toEqual(refused(10014, 415));
    expect(await ask('/messages', { body: good, key: 'wrong' })).toEqual(refused(10009, 401));
    expect(stage.fake.calls().map(({ status }) => status)).toEqual([415, 401]);
    expect(JSON.stringify(stage.fake.calls())).not.toContain(stage.settings['apiKey']);
  });

  test.each([
    ['', 10004, 422],
    ['?filter[record_type]=verify', 10004, 422],
    ['?filter[record_type]=messaging&page[size]=51', 10015, 400],
    ['?filter[record_type]=messaging&page[number]=0', 10015, 400],
    ['?filter[record_type]=messaging&sort=cli', 10015, 400],
    ['?filter[record_type]=messaging&filter[body]=x', 10015, 400],
  ])('records asked for by “%s” are refused with %d', async (query, code, status) => {
    expect(await ask(`/detail_records${query}`)).toEqual(refused(code, status));
  });

  test('records hold no words; messages do, for ten days and for their account alone', async () => {
    const { providerId } = await stage.client.send(stage.message(), call);
    await stage.fake.settled();
    const { body } = await ask('/detail_records?filter[record_type]=messaging');
    expect(body).toMatchObject({
      data: [{ uuid: providerId, cli: ourNumber, cld: phone, direction: 'outbound', status: 'delivered' }],
      meta: { page_number: 1, total_pages: 1, total_results: 1 },
    });
    expect(JSON.stringify(body)).not.toContain('Night Ferry');
    expect(await ask(`/messages/${providerId}`)).toMatchObject({
      body: { data: { text: 'Night Ferry is out.' } },
    });
    const other = await stage.fake.addNumber('+16195550199', null);
    const asOther = { key: String(other['apiKey']) };
    expect(await ask(`/messages/${providerId}`, asOther)).toEqual(refused(10005, 404));
    stage.advance(10 * 24 * 3_600_000);
    expect(await ask(`/messages/${providerId}`)).toEqual(refused(10005, 404));
  });

  test('a number pool sends from a number of the profile', async () => {
    const pool = { to: phone, text: 'Hello', messaging_profile_id: stage.settings['messagingProfileId'] };
    expect(await ask('/messages', { body: pool })).toMatchObject({
      body: { data: { from: { phone_number: ourNumber } } },
    });
  });
});

describe('webhooks', () => {
  test('sent, then finalized, signed and with the query of the URL', async () => {
    const { providerId } = await stage.client.send(stage.message(), call);
    await stage.fake.settled();
    expect(stage.received).toMatchObject([
      { kind: 'delivery', providerId, status: 'sent', reason: null },
      { kind: 'delivery', providerId, status: 'delivered', reason: null },
    ]);
    expect(await stage.fake.texts()).toMatchObject([{ status: 'delivered' }]);
  });

  test('a carrier’s refusal comes in the report, and never reaches the phone', async () => {
    await stage.client.send(stage.message({ to: '+15005540002' }), call);
    await stage.fake.settled();
    expect(stage.received.at(-1)).toMatchObject({
      status: 'undelivered',
      reason: expect.stringContaining('40002'),
    });
    expect(await stage.fake.texts({ number: '+15005540002' })).toEqual([]);
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
  });

  test('without an address of its own a message is reported to the profile, unless that is declined', async () => {
    await ask('/messages', { body: good });
    await ask('/messages', { body: { ...good, use_profile_webhooks: false } });
    await stage.fake.settled();
    expect(stage.received).toHaveLength(2);
  });

  test('are tried three times, until one is taken', async () => {
    stage.webhookAnswers.push(503, 302);
    expect(await say('one')).toMatchObject({ webhookStatus: 200 });
    stage.webhookAnswers.push(503, 503, 503);
    expect(await say('two')).toMatchObject({ webhookStatus: 503 });
    expect(stage.received).toHaveLength(1);
  });
});

describe('phones', () => {
  test('a text in is told to Segue with its id, and can be listed', async () => {
    const text = { from: phone, to: ourNumber, body: 'PRESAVE', id: 'text-1', mediaCount: 1 };
    expect(await stage.fake.receiveText(text)).toEqual({ id: 'text-1', webhookStatus: 200 });
    expect(stage.received).toMatchObject([
      { kind: 'text', text: { body: 'PRESAVE', from: phone, mediaCount: 1 } },
    ]);
    expect(await stage.fake.texts({ number: phone, direction: 'out' })).toMatchObject([{ id: 'text-1' }]);
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

  test('with reorder a later text overtakes an earlier one', async () => {
    stage.fake.setNetwork({ reorder: true });
    await Promise.all(['first', 'second'].map(say));
    expect(stage.received.map((item) => item.kind === 'text' && item.text.body)).toEqual(['second', 'first']);
  });
});

describe('R40 R43 R98 opt-out by the provider', () => {
  test('STOP blocks every number of the profile and is confirmed once; Segue hears what it was', async () => {
    const second = '+16195550101';
    await stage.fake.setNumber({ number: second }, ourNumber);
    await say(' stop ');
    await say('STOP');
    await say('HELP');
    expect(await inbox()).toEqual([expect.stringContaining('You left')]);
    expect(stage.received).toMatchObject(['stop', 'stop', 'help'].map((optOut) => ({ text: { optOut } })));
    for (const from of [ourNumber, second]) {
      const error = { skip: 'provider_block' };
      await expect(stage.client.send(stage.message({ from }), call)).rejects.toMatchObject(error);
    }
    await stage.client.send(stage.message({ to: '+12125550999' }), call);
  });

  test('START lifts the block, and a keyword that was added to it; a sentence does nothing', async () => {
    await stage.fake.setNumber({ number: ourNumber, optInWords: ['Presave'] });
    await say('STOP');
    await say('please start');
    await expect(stage.client.send(stage.message(), call)).rejects.toMatchObject({ skip: 'provider_block' });
    await say('PRESAVE');
    await stage.client.send(stage.message(), call);
    expect(stage.received.at(-1)).toMatchObject({ kind: 'text', text: { optOut: 'start' } });
  });

  test('with handling switched off the provider neither answers nor blocks', async () => {
    await stage.fake.setNumber({ number: ourNumber, optOutHandling: 'segue' });
    await say('STOP');
    expect(await inbox()).toEqual([]);
    expect(stage.received).toMatchObject([{ text: { optOut: null } }]);
    await stage.client.send(stage.message(), call);
  });
});

test('a new process over the same store has numbers, texts and blocks, and ends what was on its way', async () => {
  await say('STOP');
  stage.fake.setCallbacks({ sentAfterMs: 60_000 });
  const other = '+12125550999';
  const sent = await stage.client.send(stage.message({ to: other }), call);
  stage.fake.close();

  const again = await setStage({ store: stage.store });
  expect(again.settings).toEqual(stage.settings);
  await again.fake.settled();
  expect(await again.fake.texts()).toMatchObject([
    { id: sent.providerId, to: other, status: 'delivered' },
    { to: phone, direction: 'in' },
    { from: phone, direction: 'out' },
  ]);
  await expect(again.client.send(again.message(), call)).rejects.toMatchObject({ skip: 'provider_block' });
  await again.close();
});
