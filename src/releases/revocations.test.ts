import { sql } from 'kysely';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createSoundcloudFake } from '#connectors/soundcloud/fake.ts';
import type { Tokens } from '#connectors/connector.ts';
import { createYoutubeFake } from '#connectors/youtube/fake.ts';
import { createLog } from '#lib/log.ts';
import { createTestDatabase } from '../../test/db.ts';
import { unlinkService } from './grants.ts';
import { tellRevocations } from './tell-revocations.ts';
import { sealer, setStage } from './testing/stage.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const youtube = await stage.addService('youtube', createYoutubeFake);
const soundcloud = await stage.addService('soundcloud', createSoundcloudFake);
afterAll(() => stage.close());
afterEach(() => youtube.fake.setFault({ mode: 'ok' }));
const { projectId, connections } = stage;

const tell = () => tellRevocations({ db, connections, sealer, log: createLog({ level: 'silent' }) });

async function refreshes(service: typeof youtube | typeof soundcloud, tokens: Tokens): Promise<boolean> {
  const client = (await connections.find(service.connectionId))?.streaming;
  return (client?.oauth.refresh(tokens) ?? Promise.reject(new Error('no client'))).then(
    () => true,
    () => false,
  );
}

async function queued(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from revocation`.execute(db);
  return rows[0]?.count ?? 0;
}

/** As if so long had passed. */
const wait = (time: string) =>
  sql`update revocation set asked_at = asked_at - ${time}::interval, next_at = next_at - ${time}::interval`.execute(
    db,
  );

test.each([
  ['youtube', youtube],
  ['soundcloud', soundcloud],
] as const)(
  'R64 a fan takes %s away: her tokens go at once, and the provider hears of it',
  async (name, one) => {
    const fan = await stage.addFan();
    const tokens = await one.link(fan);
    await unlinkService(db, { projectId, fanId: fan, service: name });
    const { rows } = await sql`
    select tokens, provider_account from streaming_grant where fan_id = ${fan} and service = ${name}`.execute(
      db,
    );
    expect(rows).toEqual([{ tokens: null, provider_account: '' }]);
    // Two processes at once.
    await Promise.all([tell(), tell()]);
    expect(await queued()).toBe(0);
    expect(await refreshes(one, tokens)).toBe(false);
  },
);

test('R64 a provider that cannot be told keeps nothing from ending here, and hears of it later; after a day nobody asks', async () => {
  const [first, second] = [await stage.addFan(), await stage.addFan()];
  const tokens = await youtube.link(first);
  await unlinkService(db, { projectId, fanId: first, service: 'youtube' });
  youtube.fake.setFault({ mode: 'down' });
  await tell();
  expect(await queued()).toBe(1);
  youtube.fake.setFault({ mode: 'ok' });
  // Not before its time.
  await tell();
  expect(await queued()).toBe(1);
  await wait('6 minutes');
  await tell();
  expect(await queued()).toBe(0);
  expect(await refreshes(youtube, tokens)).toBe(false);

  await youtube.link(second);
  await unlinkService(db, { projectId, fanId: second, service: 'youtube' });
  youtube.fake.setFault({ mode: 'down' });
  await wait('25 hours');
  await tell();
  expect(await queued()).toBe(0);
});

test('R64 the same account linked again, or for another fan’s page, is not ended', async () => {
  const fan = await stage.addFan();
  const account = sql`provider_account = 'UC-hers'`;
  const before = await youtube.link(fan);
  await sql`update streaming_grant set ${account} where fan_id = ${fan}`.execute(db);
  await unlinkService(db, { projectId, fanId: fan, service: 'youtube' });
  await youtube.link(fan);
  await sql`update streaming_grant set ${account} where fan_id = ${fan}`.execute(db);
  await tell();
  expect(await queued()).toBe(0);
  expect(await refreshes(youtube, before)).toBe(true);
});

test('R64 a service that cannot be told is not asked, and keeps no tokens', async () => {
  const fan = await stage.addFan();
  await stage.link(fan, { purposes: [] });
  await unlinkService(db, { projectId, fanId: fan, service: 'spotify' });
  expect(await queued()).toBe(0);
});
