import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { createDeezerFake } from '#connectors/deezer/fake.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { createConnections } from '#connections/create-connections.ts';
import { connectorServers } from '#connectors/server.ts';
import { transaction } from '#db/database.ts';
import type { Entry, NewItem } from '#engine/contract.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { addPurposes, revokePurpose } from '../purposes.ts';
import { allow, dayMs, sealer, setStage } from '../testing/stage.ts';
import { nextLook } from './next-look.ts';
import { watchReleases, type WatchDeps } from './watcher.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const { projectId, artistId } = stage;
const spotifyArtist = '2takcwOaAZWiXQijPHIx7B';
const deezer = createDeezerFake({
  store: createMemoryStore(),
  now: () => stage.now(),
  deliver: () => Promise.resolve({ status: 200, body: '' }),
});
const served = await serveFetch((request) => deezer.fetch(request));
const connections = createConnections({
  db,
  sealer,
  clocks: stage.clocks,
  servers: connectorServers,
  http: stage.http,
  baseUrls: (connector) => (connector === 'deezer' ? served.url : stage.fakeUrl),
  log: createLog({ level: 'silent' }),
});
const made = await connections.createConnection({
  accountId: stage.accountId,
  connector: 'deezer',
  label: 'Deezer',
  isLive: false,
  settings: {},
});
await connections.lendConnection(stage.accountId, made.id, projectId);
await sql`insert into artist_service (project_id, artist_id, service, service_id)
          values (${projectId}, ${artistId}, 'deezer', '27')`.execute(db);
afterAll(async () => {
  await served.close();
  await connections.settled();
  await stage.close();
});

const events: Entry[] = [];
const items: NewItem[] = [];
const deps: WatchDeps = {
  db,
  connections,
  clock: stage.clocks,
  log: createLog({ level: 'silent' }),
  // What the engine would do with them is not asked here: a key is an event once.
  accept(_, entry) {
    if (!events.some(({ key }) => key === entry.key)) events.push(entry);
    const result = { eventId: newId(), duplicate: false, isMismatch: false, fanId: null };
    return Promise.resolve({ ...result, runs: [], ignored: [], extra: {} });
  },
  insertItems(_tx, _project, added) {
    items.push(...added);
    return Promise.resolve();
  },
};

const days = (count: number) => new Date(stage.now().getTime() + count * dayMs);
let works = 0;
function work(title: string, released: Date, isrcs: string[], upc: string | null = null) {
  works += 1;
  const serial = String(works).padStart(6, '0');
  const common = {
    kind: 'album',
    title,
    artistName: 'Luna Vale',
    releaseAt: released.toISOString(),
    upc,
  } as const;
  const tracks = (prefix: string) =>
    isrcs.map((isrc, at) => ({ id: `${prefix}${serial}${at}`.slice(-22), title: `${title} ${at}`, isrc }));
  return {
    spotify: () =>
      stage.fake.addWork({
        ...common,
        id: `album${serial}`.padEnd(22, 'x'),
        artistId: spotifyArtist,
        tracks: tracks('trackxxxxxxxxxxxxxxxxx'),
      }),
    deezer: () => deezer.addWork({ ...common, id: `9${serial}`, artistId: '27', tracks: tracks('8') }),
  };
}

async function wisher(since: Date, isLinked = true): Promise<string> {
  const fan = await stage.addFan();
  if (isLinked) await stage.link(fan);
  await transaction(db, (tx) =>
    addPurposes(tx, projectId, [{ ...allow('future', artistId), fanId: fan }], since),
  );
  return fan;
}

/** Everything due: the clock of the looks is set back, not the project's. */
async function round(): Promise<void> {
  await sql`update artist_watch set next_look_at = '-infinity'`.execute(db);
  await watchReleases(deps);
}

const news = () => events.filter(({ payload }) => payload['fanId'] !== null).map(({ payload }) => payload);
const found = async () =>
  (
    await sql<{ title: string; services: string }>`
      select r.title, (select string_agg(service, ' ' order by service) from release_service s
                        where s.project_id = r.project_id and s.release_id = r.id) as services
        from detection d join release r on r.project_id = d.project_id and r.id = d.release_id
       where d.project_id = ${projectId} order by r.title`.execute(db)
  ).rows.map(({ title, services }) => `${title}: ${services}`);

test('R65 R66 one release is one piece of news, on whichever services and in whichever edition', async () => {
  const old = await wisher(days(-30));
  const unlinked = await wisher(days(-30), false);
  await work('Long ago', days(-400), ['QZ0000000001']).spotify();
  const single = work('Single', days(-10), ['QZ0000000002'], '602475093060');
  await single.spotify();
  await work('Single (Club Remix)', days(-9), ['QZ0000000003']).spotify();
  await round();
  expect(await found()).toEqual(['Single: spotify']);

  // On a second service under another number, with the same recordings: the same release.
  await single.deezer();
  // The same recording once more, as a reissue; then an album around it that holds more.
  await work('Single (Deluxe)', days(-2), ['QZ0000000002']).spotify();
  await round();
  expect(await found()).toEqual(['Single: deezer spotify']);
  await work('Album', days(-1), ['QZ0000000002', 'QZ0000000004']).spotify();
  await round();
  await round();
  expect(await found()).toEqual(['Album: spotify', 'Single: deezer spotify']);

  // Each fan of each release once, all of one cause; the linked one has one save of each.
  const told = news().map(({ fanId }) => JSON.stringify(fanId));
  const each = [old, old, unlinked, unlinked].map((fanId) => JSON.stringify(fanId));
  expect(told.toSorted()).toEqual(each.toSorted());
  expect(items.map(({ fanId, service, kind }) => `${fanId} ${service} ${kind}`)).toEqual(
    Array.from({ length: 2 }, () => `${old} spotify save`),
  );
  const { rows } = await sql<{ state: string }>`
    select state from save where project_id = ${projectId} and fan_id = ${old}`.execute(db);
  expect(rows.map(({ state }) => state)).toEqual(['scheduled', 'scheduled']);
});

test('R66 nobody hears of what is older than her wish, or after she took it back', async () => {
  const late = await wisher(days(-1));
  const gone = await wisher(days(-30));
  await transaction(db, (tx) =>
    revokePurpose(tx, projectId, gone, { kind: 'future', targetId: artistId }, days(0)),
  );
  events.length = 0;
  await work('Before her', days(-3), ['QZ0000000010']).spotify();
  await round();
  expect(news().map(({ fanId }) => fanId)).not.toContain(late);
  expect(news()).not.toEqual([]);
  events.length = 0;
  await work('After her', days(0), ['QZ0000000011']).spotify();
  await round();
  expect(news().map(({ fanId }) => fanId)).toContain(late);
  expect(news().map(({ fanId }) => fanId)).not.toContain(gone);
});

test('what the artist entered is news at its moment, and the service’s own link is found for it', async () => {
  events.length = 0;
  const release = await stage.addRelease({
    title: 'Entered',
    releaseAt: days(-0.01),
    services: [],
    upc: '602475093077',
  });
  await work('Entered, as they write it', days(-0.01), ['QZ0000000020'], '0602475093077').spotify();
  await round();
  expect((await found()).filter((one) => one.startsWith('Entered'))).toEqual(['Entered: spotify']);
  expect(new Set(news().map(({ subject }) => JSON.stringify(subject)))).toEqual(
    new Set([JSON.stringify({ releaseId: release.id, artistId })]),
  );
});

test('a service in trouble is left alone for longer each time, and says what it was', async () => {
  const watch = async () =>
    (
      await sql<{ failures: number; problem: string | null; next: Date; looked: Date }>`
        select failures, problem, next_look_at as next, looked_at as looked from artist_watch
         where project_id = ${projectId} and service = 'spotify'`.execute(db)
    ).rows[0]!;
  const before = await watch();
  stage.fake.setFault({ mode: 'error' });
  const waits: number[] = [];
  for (let at = 0; at < 4; at++) {
    const now = Date.now();
    await round();
    waits.push((await watch()).next.getTime() - now);
  }
  expect(waits).toEqual(waits.toSorted((a, b) => a - b));
  expect(waits[3]! / waits[0]!).toBeGreaterThan(6);
  expect(await watch()).toMatchObject({
    failures: 4,
    looked: before.looked,
    problem: expect.stringContaining('500'),
  });
  stage.fake.setFault({ mode: 'ok' });
  await round();
  expect(await watch()).toMatchObject({ failures: 0, problem: null });
});

test('looks are spread over the day, and come again soon after midnight in a release zone', () => {
  const noon = new Date('2031-06-05T12:00:00Z');
  const at = (now: Date, id = newId()) =>
    nextLook(now, id, 'America/Los_Angeles', 0).getTime() - now.getTime();
  const hours = Array.from({ length: 200 }, () => at(noon) / 3_600_000);
  // 12:00 UTC is midnight in Auckland: one look in the minutes after it, wherever else it is day.
  expect(Math.min(...hours)).toBeLessThan(0.34);
  expect(Math.max(...hours)).toBeLessThan(1.34);
  expect(new Set(hours.map((one) => one.toFixed(2))).size).toBeGreaterThan(20);
  const evening = new Date('2031-06-05T14:00:00Z');
  const later = Array.from({ length: 200 }, () => at(evening) / 3_600_000);
  expect(Math.min(...later)).toBeGreaterThan(4);
  expect(Math.max(...later)).toBeLessThan(7.6);
});
