import { expect, it } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createFakeStores } from './store.ts';

const { db } = await createTestDatabase();

function open(connectionId = newId()) {
  const stores = createFakeStores(db);
  return { connectionId, stores, store: stores.of('carrier', connectionId) };
}

it('keeps what one process wrote for the next, in the order of first writing', async () => {
  const { store, connectionId } = open();
  await Promise.all(['b', 'a', 'c'].map((id) => store.append('texts', id, { id })));
  await store.put('texts', 'b', { id: 'b', status: 'delivered' });

  const later = open(connectionId).store;
  expect(await later.list('texts')).toEqual([
    { id: 'b', value: { id: 'b', status: 'delivered' } },
    { id: 'a', value: { id: 'a' } },
    { id: 'c', value: { id: 'c' } },
  ]);
  expect(await later.get('texts', 'a')).toEqual({ id: 'a' });
  expect(await later.get('texts', 'x')).toBeUndefined();
});

it('refuses a second append of one row to its writer alone', async () => {
  const { store } = open();
  await store.append('texts', 'a', 1);
  const results = await Promise.allSettled([
    store.append('texts', 'a', 2),
    store.append('texts', 'b', 3),
    store.append('texts', 'b', 4),
  ]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  expect(await store.list('texts')).toEqual([
    { id: 'a', value: 1 },
    { id: 'b', value: 3 },
  ]);
});

it('carries out writes to one row in the order they were called', async () => {
  const { store } = open();
  const writes = [
    store.put('library', 'a', 1),
    store.put('library', 'b', 1),
    store.put('library', 'a', 2),
    store.remove('library', 'a'),
    store.put('library', 'a', 3),
  ];
  expect(await store.get('library', 'a')).toBe(3);
  await Promise.all(writes);
  // Removed and added again: now the youngest, as in a real library.
  expect((await store.list('library')).map(({ id }) => id)).toEqual(['b', 'a']);
});

it('keeps fakes apart, by connection and by connector', async () => {
  const { store, stores, connectionId } = open();
  await store.put('users', 'a', 'mine');
  expect(await stores.of('carrier', newId()).list('users')).toEqual([]);
  expect(await stores.of('other', connectionId).list('users')).toEqual([]);
});

it('holds whatever a stranger may text', async () => {
  const { store, connectionId } = open();
  const bodies = ['a\0b', '\ud800 alone', 'مرحبا 🎹', '', '\u0007'];
  await Promise.all(bodies.map((body, index) => store.append('texts', String(index), { body })));
  const kept = await open(connectionId).store.list('texts');
  expect(kept.map(({ value }) => value)).toEqual(bodies.map((body) => ({ body })));
});

it('takes a burst and keeps all of it, in order', async () => {
  const { store, stores } = open();
  await Promise.all(Array.from({ length: 2_000 }, (_, index) => store.append('texts', String(index), index)));
  await stores.flush();
  const kept = await store.list('texts');
  expect(kept.map(({ value }) => value)).toEqual(Array.from({ length: 2_000 }, (_, index) => index));
});

it('tells every writer of a batch that failed, and goes on', async () => {
  const stores = createFakeStores(db);
  const broken = stores.of('carrier', 'no uuid');
  await expect(broken.put('texts', 'a', 1)).rejects.toThrow('uuid');
  const { store } = open();
  await store.put('texts', 'a', 1);
  expect(await store.get('texts', 'a')).toBe(1);
});
