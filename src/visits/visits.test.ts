import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { isScanner } from './is-scanner.ts';
import { readLinkVisits } from './queries.ts';
import { createVisitCounter, type Visit } from './visit-counter.ts';

const { db } = await createTestDatabase();
const log = { warn: () => undefined };
const counter = createVisitCounter({ db, log });
afterAll(() => counter.close());

const iPhone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1';

describe('R93 programs are told from people', () => {
  it.each([
    ['GET', { 'user-agent': iPhone }, false],
    ['GET', { 'user-agent': `${iPhone} Instagram 400.0` }, false],
    ['HEAD', { 'user-agent': iPhone }, true],
    ['GET', {}, true],
    ['GET', { 'user-agent': iPhone, 'sec-purpose': 'prefetch;prerender' }, true],
    ['GET', { 'user-agent': 'facebookexternalhit/1.1 Facebot Twitterbot/1.0' }, true],
    ['GET', { 'user-agent': 'WhatsApp/2.23.20.0' }, true],
    ['GET', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }, true],
    ['GET', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }, true],
    ['GET', { 'user-agent': 'curl/8.9.1' }, true],
  ])('%s with %j: %j', (method, headers, expected) => {
    expect(isScanner(method, (name) => (headers as Record<string, string>)[name])).toBe(expected);
  });
});

describe('R114 visits are counted by what was opened, never by who did', () => {
  const flow = { projectId: newId(), subjectId: newId(), position: 4 };
  const visit = (more: Partial<Visit> = {}): Visit => ({
    ...flow,
    via: 'link',
    isScanner: false,
    at: new Date('2026-11-26T12:00:00Z'),
    ...more,
  });
  const read = (days = 30) =>
    readLinkVisits(db, flow.projectId, flow.subjectId, new Date('2026-11-26T13:00:00Z'), days);

  it('adds up what several processes and days saw', async () => {
    const other = createVisitCounter({ db, log });
    for (let at = 0; at < 5; at++) counter.count(visit());
    counter.count(visit({ isScanner: true }));
    counter.count(visit({ at: new Date('2026-11-01T00:00:00Z') }));
    counter.count(visit({ position: 2 }));
    other.count(visit());
    other.count(visit({ projectId: newId() }));
    await Promise.all([counter.flush(), other.close()]);
    expect(await read()).toEqual(
      new Map([
        [4, { people: 7, scanners: 1 }],
        [2, { people: 1, scanners: 0 }],
      ]),
    );
    expect((await read(1)).get(4)).toEqual({ people: 6, scanners: 1 });
  });

  it('keeps what could not be stored, and stores it once', async () => {
    await sql`alter table visit_count rename to visit_count_away`.execute(db);
    counter.count(visit());
    await expect(counter.flush()).rejects.toThrow('visit_count');
    await sql`alter table visit_count_away rename to visit_count`.execute(db);
    counter.count(visit());
    await counter.flush();
    await counter.flush();
    expect((await read()).get(4)).toEqual({ people: 9, scanners: 1 });
  });
});
