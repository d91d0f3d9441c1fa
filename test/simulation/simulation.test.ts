import { expect, test } from 'vitest';
import { createTestDatabase } from '../db.ts';
import { playMany } from './universe.ts';

const database = await createTestDatabase();
const seed = Number(process.env['SIMULATION_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

test(`random schedules from seed ${seed}: nothing lost, nothing twice, order kept, gates held, skips explained`, async () => {
  const { played, found } = await playMany(database.url, { first: seed, forMs: 36_000, atLeast: 100 });
  console.log(`simulation: ${played} schedules from seed ${seed}`);
  expect(found.map((one) => `seed ${one.seed}: ${one.said.join('; ')}`)).toEqual([]);
  expect(played).toBeGreaterThanOrEqual(100);
});
