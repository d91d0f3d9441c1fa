import { afterEach, beforeEach, expect, it } from 'vitest';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { Meter } from '../connector.ts';
import { setServiceStage, type ServiceStage } from '../testing/stage.ts';
import { createYoutubeFake, type YoutubeFake } from './fake.ts';
import { youtubeLinks } from './links.ts';
import { msUntilNewDay, pacificDay } from '../kit/pacific-day.ts';
import { youtubeServer } from './server.ts';

const channel = 'UC_x5XG1OV2P6uZZ5FSM9Ttw';
const key = { key: 'k' };

/** Counts as the host does. */
function createMeter(): Meter & { used: Map<string, number> } {
  const used = new Map<string, number>();
  return {
    used,
    async take({ bucket, day, units, limit }) {
      const before = used.get(`${bucket} ${day}`) ?? 0;
      if (before + units > limit) return false;
      used.set(`${bucket} ${day}`, before + units);
      return true;
    },
  };
}

let stage: ServiceStage<YoutubeFake>;
let meter: ReturnType<typeof createMeter>;
beforeEach(async () => {
  meter = createMeter();
  stage = await setServiceStage(youtubeServer, createYoutubeFake, { meter, settings: { unitsPerDay: 160 } });
});
afterEach(() => stage.close());

it('counts as Google does, and stops before the limit of the day without asking', async () => {
  for (const fan of ['ada', 'bo', 'cleo']) {
    const access = await stage.access(fan);
    await expect(stage.client.follow(access, channel, key)).resolves.toEqual({ result: 'verified' });
  }
  expect(meter.used.get('units 2026-11-23')).toBe(await stage.fake.unitsUsed());
  const before = stage.fake.calls().length;
  const access = await stage.access('dora');
  await expect(stage.client.follow(access, channel, key)).rejects.toMatchObject({ isLaneWide: true });
  expect(stage.fake.calls().length).toBe(before);
  // Midnight in California: eight hours behind.
  stage.advance(20 * 3_600_000);
  const later = await stage.access('dora');
  await expect(stage.client.follow(later, channel, key)).resolves.toEqual({ result: 'verified' });
});

it('believes Google when it counted more', async () => {
  stage.fake.configure({ unitsPerDay: 10 });
  const attempt = stage.client.follow(await stage.access(), channel, key);
  await expect(attempt).rejects.toMatchObject({
    isLaneWide: true,
    reason: expect.stringContaining('used up'),
  });
});

it('a subscription that was there is told from a new one', async () => {
  const access = await stage.access();
  await stage.client.follow(access, channel, key);
  await expect(stage.client.follow(access, channel, key)).resolves.toEqual({ result: 'already' });
});

it('a channel that is not there ends the step; ids of others never leave', async () => {
  stage.fake.configure({ missingChannels: [channel] });
  const access = await stage.access();
  await expect(stage.client.follow(access, channel, key)).rejects.toThrow(/publisherNotFound/);
  await expect(stage.client.follow(access, '123', key)).rejects.toThrow(GiveUp);
  await expect(stage.client.save(access, [{ kind: 'album', id: 'x' }], key)).rejects.toThrow(GiveUp);
});

it('short of breath: the lane waits', async () => {
  stage.fake.setFault({ mode: 'rate_limited', count: 1 });
  const attempt = stage.client.probe(await stage.access());
  await expect(attempt).rejects.toThrow(RetryLater);
});

it('in testing an authorisation ends after seven days (R58)', async () => {
  const testing = youtubeServer.streaming?.({
    settings: { clientId: 'a', clientSecret: 'b' },
    http: () => Promise.reject(new Error('nothing is called here')),
    now: stage.now,
  });
  expect(testing?.oauth.diesAt(new Date('2026-11-01T00:00:00Z'))).toEqual(new Date('2026-11-08T00:00:00Z'));
  expect(testing?.namedTesters).toEqual([]);
  expect(stage.client.oauth.diesAt(stage.now())).toBeNull();
});

it('the day is that of California', () => {
  expect(pacificDay(new Date('2026-11-23T07:59:59Z'))).toBe('2026-11-22');
  expect(pacificDay(new Date('2026-11-23T08:00:00Z'))).toBe('2026-11-23');
  expect(msUntilNewDay(new Date('2026-11-23T07:00:00Z'))).toBe(3_600_000);
});

it('finds a channel by its name, with the key in no address', async () => {
  await stage.fake.addWork({
    kind: 'album',
    id: 'OLAK5uy_k3oQ6XbQGmP4p8yq4pWq0rYw3n9s1xTzA',
    artistId: channel,
    title: 'Nightglass',
    artistName: 'Luna Vale',
    releaseAt: '2026-11-01T00:00:00Z',
    upc: null,
    tracks: [],
  });
  const found = await stage.lookup.resolve?.('https://www.youtube.com/@LunaVale');
  expect(found).toEqual({ kind: 'artist', id: channel });
  expect(await stage.lookup.resolve?.('https://www.youtube.com/@nobody')).toBeNull();
  expect(JSON.stringify(stage.fake.calls())).not.toContain('google-sandbox-key');
});

it.each([
  [`https://www.youtube.com/channel/${channel}`, { kind: 'artist', id: channel }],
  ['https://youtu.be/dQw4w9WgXcQ?si=1', { kind: 'track', id: 'dQw4w9WgXcQ' }],
  ['https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RDAMVM', { kind: 'track', id: 'dQw4w9WgXcQ' }],
  [
    'https://music.youtube.com/playlist?list=OLAK5uy_k3oQ6XbQGmP4p8yq4pWq0rYw3n9s1xTzA',
    { kind: 'album', id: 'OLAK5uy_k3oQ6XbQGmP4p8yq4pWq0rYw3n9s1xTzA' },
  ],
  ['https://www.youtube.com/@LunaVale', null],
  ['https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ', null],
])('%s', (text, item) => {
  expect(youtubeLinks.parse(text)).toEqual(item);
});
