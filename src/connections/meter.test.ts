import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createMeter } from './meter.ts';

const { db } = await createTestDatabase();
const connectionId = newId();
const use = { bucket: 'units', day: '2026-11-23', units: 50, limit: 1_000 };

beforeAll(async () => {
  const accountId = newId();
  await sql`insert into account (id, name) values (${accountId}, 'A')`.execute(db);
  await sql`
    insert into connection (id, account_id, connector, label, is_live, settings)
    values (${connectionId}, ${accountId}, 'youtube', 'Channel', false, '')`.execute(db);
});

const usedOn = async (day: string) => {
  const { rows } = await sql<{ used: string }>`
    select used from provider_use where connection_id = ${connectionId} and day = ${day}::date`.execute(db);
  return Number(rows[0]?.used ?? 0);
};

test('two processes that ask at once never take more than the day has', async () => {
  const [here, there] = [createMeter(db, connectionId), createMeter(db, connectionId)];
  const asked = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? here : there).take(use));
  const got = (await Promise.all(asked)).filter(Boolean);
  expect(got).toHaveLength(20);
  expect(await usedOn('2026-11-23')).toBe(1_000);
});

test('a refusal takes nothing, another day begins anew, and old days go', async () => {
  const meter = createMeter(db, connectionId);
  expect(await meter.take({ ...use, units: 1 })).toBe(false);
  expect(await meter.take({ ...use, day: '2026-11-24', units: 2_000 })).toBe(false);
  expect(await usedOn('2026-11-24')).toBe(0);
  expect(await meter.take({ ...use, day: '2027-03-01' })).toBe(true);
  expect(await usedOn('2026-11-23')).toBe(0);
});
