import { expect, test } from 'vitest';
import { firstIdAt, isId, newId, newIdAt } from './ids.ts';

test('ids are distinct and sort in the order they were made, also within one millisecond', () => {
  const before = firstIdAt(new Date());
  const ids = Array.from({ length: 20_000 }, newId);
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.toSorted()).toEqual(ids);
  expect(before < (ids[0] ?? '')).toBe(true);
});

test('an id of a moment sorts between those of the moments around it', () => {
  const ids = Array.from({ length: 50 }, (_, ms) => newIdAt(new Date(Date.UTC(2026, 0, 1) + ms)));
  expect(ids.toReversed().toSorted()).toEqual(ids);
});
