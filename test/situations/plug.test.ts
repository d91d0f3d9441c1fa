import { expect, test } from 'vitest';
import { type Json, startStage } from './stage.ts';

const atLatestMs = 60_000;

test('a worker that is killed in the middle of a burst of texts loses none and answers none twice', async () => {
  const stage = await startStage();
  expect(await stage.sandbox('GET', '/plug')).toMatchObject({ state: 'none', lost: null });
  expect(await stage.sandbox('POST', '/plug')).toMatchObject({ state: 'starting', texts: 48 });
  let seen: Json = {};
  await expect
    .poll(
      async () => {
        seen = await stage.sandbox('GET', '/plug');
        return seen['state'] as string;
      },
      { timeout: atLatestMs, interval: 200 },
    )
    .toMatch(/done|failed/);
  expect(seen).toMatchObject({ state: 'done', arrived: 48, lost: 0, twice: 0, problem: null });
  // It lived, answered some, and was gone before it had answered all.
  expect(seen['arrivedBefore']).toBeGreaterThan(0);
  expect(seen['arrivedBefore']).toBeLessThan(48);
  expect(() => process.kill(Number(seen['pid']), 0)).toThrow('ESRCH');
}, 90_000);
