import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { RunFeed } from './run-feed.ts';

const { db } = await createTestDatabase();

describe('the feed of runs', () => {
  test('takes no more streams than it may, and gives a place back when one ends', async () => {
    const feed = new RunFeed({ db, everyMs: 5, maxStreams: 2 });
    const open = () => {
      const abort = new AbortController();
      return { abort, events: feed.follow(newId(), {}, abort.signal)[Symbol.asyncIterator]() };
    };
    const [first, second] = [open(), open()];
    expect(open).toThrow('Too many live pages');
    expect(await first.events.next()).toMatchObject({ value: { event: 'ready' } });
    first.abort.abort();
    expect(await first.events.next()).toMatchObject({ done: true });
    const third = open();
    expect(feed.streams).toBe(2);
    for (const one of [second, third]) await one.events.next();
    feed.close();
    for (const one of [second, third]) expect(await one.events.next()).toMatchObject({ done: true });
    expect(feed.streams).toBe(0);
  });
});
