import { expect, test } from 'vitest';
import { AmbiguousCommit } from '#db/database.ts';
import { asJson } from './as-json.ts';
import { Batcher, Overloaded } from './batcher.ts';

/** A batcher whose flushes wait for `release`. */
function slow(maxWaiting = 5_000, maxEntries = 500) {
  const flushes: number[][] = [];
  const gates: (() => void)[] = [];
  const batcher = new Batcher<number, number>({
    maxWaiting,
    maxEntries,
    flush: async (_, entries) => {
      flushes.push([...entries]);
      await new Promise<void>((resolve) => gates.push(resolve));
      return entries.map((entry) => entry * 2);
    },
  });
  return { batcher, flushes, release: () => gates.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('idle flushes at once; under way, what arrives goes together with the next', async () => {
  const { batcher, flushes, release } = slow();
  const first = batcher.add('p', 1);
  await turn();
  const rest = [2, 3, 4].map((entry) => batcher.add('p', entry));
  expect(flushes).toEqual([[1]]);
  release();
  expect(await first).toBe(2);
  await turn();
  expect(flushes).toEqual([[1], [2, 3, 4]]);
  release();
  expect(await Promise.all(rest)).toEqual([4, 6, 8]);
});

test('projects flush side by side and never share a batch', async () => {
  const { batcher, flushes, release } = slow();
  const both = [batcher.add('a', 1), batcher.add('b', 2)];
  await turn();
  expect(flushes).toEqual([[1], [2]]);
  release();
  release();
  await Promise.all(both);
});

test('refuses what it cannot take, for this project alone', async () => {
  const { batcher, release } = slow(2, 2);
  const taken = [batcher.add('p', 0)];
  await turn();
  taken.push(batcher.add('p', 1), batcher.add('p', 2));
  await expect(batcher.add('p', 3)).rejects.toThrow(Overloaded);
  const other = batcher.add('q', 1);
  await turn();
  for (let at = 0; at < 4; at++) {
    release();
    await turn();
    await turn();
  }
  expect(await Promise.all([...taken, other])).toEqual([0, 2, 4, 2]);
});

test('R31: a guilty entry is found by halves and alone gets the error', async () => {
  const batcher = new Batcher<number, number>({
    flush: (_, entries) => {
      if (entries.includes(13)) throw new TypeError('unlucky');
      return Promise.resolve([...entries]);
    },
  });
  const settled = await Promise.allSettled(Array.from({ length: 40 }, (_, entry) => batcher.add('p', entry)));
  expect(settled.map((one) => one.status === 'rejected')).toEqual(settled.map((_, entry) => entry === 13));
});

test('a database that is away, or a commit in doubt, is nobody’s guilt: no halves are tried', async () => {
  for (const error of [new AmbiguousCommit('?'), Object.assign(new Error('no'), { code: '57P01' })]) {
    let flushes = 0;
    const batcher = new Batcher<number, number>({
      flush: () => {
        flushes++;
        return Promise.reject(error);
      },
    });
    const settled = await Promise.allSettled([batcher.add('p', 1), batcher.add('p', 2)]);
    expect(settled.map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(flushes).toBe(1);
  }
});

test('JSON for the database: NUL goes, half a pair is replaced, all else stays', () => {
  const said = (value: unknown) => JSON.parse(asJson(value)) as unknown;
  expect(said('a\u0000b\u0000\u0000c')).toBe('abc');
  expect(said('\ud83d x \ude00')).toBe('\ufffd x \ufffd');
  expect(said('😀 \\u0000 \\\u0000 \u0001')).toBe('😀 \\u0000 \\ \u0001');
});
