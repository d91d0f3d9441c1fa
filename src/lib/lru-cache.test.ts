import { expect, test } from 'vitest';
import { LruCache } from './lru-cache.ts';

test('forgets what was not used for the longest time', () => {
  const cache = new LruCache<string, number>(2);
  const made: string[] = [];
  const ask = (key: string) =>
    cache.getOrMake(key, (missing) => {
      made.push(missing);
      return made.length;
    });
  ask('a');
  ask('b');
  ask('a');
  ask('c');
  expect(cache.size).toBe(2);
  expect(ask('a')).toBe(1);
  ask('b');
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('keeps undefined as a value, and nothing when making fails', () => {
  const cache = new LruCache<string, undefined>(2);
  let calls = 0;
  cache.getOrMake('a', () => void calls++);
  cache.getOrMake('a', () => void calls++);
  expect(calls).toBe(1);
  expect(() =>
    cache.getOrMake('b', () => {
      throw new Error('no');
    }),
  ).toThrow('no');
  expect(cache.size).toBe(1);
});

test('refuses a capacity that could hold nothing', () => {
  expect(() => new LruCache(0)).toThrow(RangeError);
});
