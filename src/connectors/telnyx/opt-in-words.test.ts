import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GiveUp } from '#lib/errors.ts';
import { ourNumber, phone, setStage, type Stage } from './testing.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

const countries = ['US'];
const enter = (words: string[], to = stage.client) => to.enterOptInWords?.({ words, countries });
const say = (body: string, from = phone) => stage.fake.receiveText({ from, to: ourNumber, body });
const send = () => stage.client.send(stage.message(), { key: 'run:1' });

async function setting(method: string, body?: unknown, id = '') {
  const profile = String(stage.settings['messagingProfileId']);
  const response = await fetch(`${stage.url}/v2/messaging_profiles/${profile}/autoresp_configs${id}`, {
    method,
    headers: {
      authorization: `Bearer ${String(stage.settings['apiKey'])}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  // As: an unknown JSON object, looked into by the assertions.
  return {
    status: response.status,
    body: (await response.json()) as { data: { id: string; keywords: string[] }[] },
  };
}

describe('R98 keywords are entered at the provider', () => {
  test('a fan who texted STOP comes back with a keyword alone, once it is entered', async () => {
    await say('STOP');
    await say('presave');
    await expect(send()).rejects.toMatchObject({ skip: 'provider_block' });
    await enter(['PRESAVE']);
    await say('presave');
    await expect(send()).resolves.toHaveProperty('providerId');
    expect(stage.received.at(-1)).toMatchObject({ kind: 'text', text: { optOut: 'start' } });
  });

  test('entered again, and with others, what is there stays', async () => {
    const answer = 'Good that you are back again.';
    await setting('POST', { op: 'start', keywords: ['HOME'], country_code: 'US', resp_text: answer });
    for (const words of [['PRESAVE'], ['presave'], ['TOUR']]) await enter(words);
    const { data } = (await setting('GET')).body;
    expect(data).toEqual([
      expect.objectContaining({
        keywords: ['HOME', 'PRESAVE', 'TOUR'],
        resp_text: answer,
        country_code: 'US',
      }),
    ]);
    const writes = stage.fake.calls().filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PUT']);
  });

  test('more than twenty, or without the profile’s ID: a sentence, and nothing is changed', async () => {
    const many = Array.from({ length: 21 }, (_, index) => `WORD${index}`);
    await expect(enter(many)).rejects.toThrow(/takes 20 words that bring a fan back, and with these/);
    const { messagingProfileId: _, ...rest } = stage.settings;
    const without = stage.clientWith({ ...rest, messagingProfileId: undefined });
    await expect(enter(['PRESAVE'], without)).rejects.toThrow(/messaging profile’s ID first/);
    const strange = stage.clientWith({ messagingProfileId: '11111111-2222-4333-8444-555555555555' });
    await expect(enter(['PRESAVE'], strange)).rejects.toBeInstanceOf(GiveUp);
    expect((await setting('GET')).body.data).toEqual([]);
  });

  test('the fake refuses what the provider refuses', async () => {
    const good = { op: 'start', keywords: ['PRESAVE'], country_code: 'US' };
    for (const change of [
      { op: 'begin' },
      { keywords: [] },
      { keywords: ['STOP'] },
      { keywords: Array.from({ length: 21 }, (_, index) => `W${index}`) },
      { country_code: 'usa' },
      { resp_text: 'too short' },
      { invented: 1 },
    ])
      expect((await setting('POST', { ...good, ...change })).status).toBe(400);
    expect((await setting('PUT', good, '/nobody')).status).toBe(404);
    expect((await setting('POST', good)).status).toBe(200);
    expect((await setting('POST', good)).status).toBe(400);
  });
});
