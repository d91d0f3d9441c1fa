import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { statusesOf } from '#http/testing.ts';
import { keywordEvent, startRuns } from './testing.ts';

const { api, project, other, start } = await startRuns();

describe('events', () => {
  test('202 with the run; again 200 with the same; other content 409', async () => {
    const event = keywordEvent('key-1');
    const first = await project.post('/events', event);
    expect(first.status).toBe(202);
    expect(first.body).toEqual({
      eventId: expect.any(String),
      duplicate: false,
      runs: [expect.any(String)],
      ignored: [],
    });
    const again = await project.post('/events', event);
    expect(again.status).toBe(200);
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    // The same fan and subject, written in another way.
    const spelled = { ...event, fan: { phone: '+1 (619) 555-0101' }, occurredAt: '2026-01-01T00:00:00Z' };
    expect((await project.post('/events', spelled)).status).toBe(200);
    for (const change of [
      { subject: { keyword: 'other' } },
      { fan: { phone: '+16195550102' } },
      { type: 'sms.opted_in', subject: {} },
    ]) {
      const answer = await project.post('/events', { ...event, ...change });
      expect([answer.status, answer.body['code']]).toEqual([409, 'idempotency_mismatch']);
    }
  });

  test('equal events twenty at once are one event with equal ids in every answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => project.post('/events', keywordEvent('twenty'))),
    );
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 19 }, () => 200), 202]);
    expect(new Set(answers.map(({ body }) => `${body['eventId']} ${body['runs']}`)).size).toBe(1);
  });

  test('the same key in another project is another event', async () => {
    const [mine, theirs] = [
      await project.post('/events', keywordEvent('shared-key')),
      await other.post('/events', keywordEvent('shared-key')),
    ];
    expect(theirs.status).toBe(202);
    expect(theirs.body['eventId']).not.toBe(mine.body['eventId']);
    expect(theirs.body['runs']).toEqual([]);
  });

  test('is read back, by its own project only', async () => {
    const { eventId, runs } = await start();
    const { body } = await project.get(`/events/${eventId}`);
    expect(body).toMatchObject({
      id: eventId,
      type: 'sms.keyword',
      source: 'api',
      subject: { keyword: 'presave' },
      fanId: expect.any(String),
      runs,
      ignored: [],
    });
    expect((await other.get(`/events/${eventId}`)).status).toBe(404);
  });

  test('R88 ids of another project in the body are 422 and named', async () => {
    const theirFan = newId();
    await sql`insert into fan (project_id, id, created_at) values (${other.projectId}, ${theirFan}, now())`.execute(
      api.db,
    );
    const cases: [string, object][] = [
      ['fan.id', { fan: { id: theirFan } }],
      ['subject.releaseId', { type: 'release.presaved', subject: { releaseId: newId() } }],
      ['subject.artistId', { type: 'artist.followed', subject: { artistId: newId() } }],
      ['subject.connectionId', { subject: { keyword: 'x', connectionId: newId() } }],
    ];
    for (const [path, change] of cases) {
      const { status, body } = await project.post('/events', keywordEvent(newId(), change));
      expect([status, body['errors'][0]]).toEqual([
        422,
        { path, code: 'not_found', message: expect.any(String) },
      ]);
    }
  });

  test('what is no event is 422', async () => {
    const event = keywordEvent('bad');
    const bad = [
      { ...event, type: 'release.detected', subject: {} },
      { ...event, type: 'grant.expiring', subject: {} },
      { ...event, fan: {} },
      { ...event, fan: { phone: '12' } },
      { ...event, fan: { phone: '6195550101' } },
      { ...event, fan: { email: 'nobody' } },
      { ...event, fan: { id: 'x' } },
      { ...event, fan: { phone: '+16195550101', colour: 'red' } },
      { ...event, subject: { keyword: 'x', colour: 'red' } },
      { ...event, subject: {} },
      { ...event, idempotencyKey: '' },
      { ...event, idempotencyKey: 'x'.repeat(201) },
      { ...event, idempotencyKey: undefined },
      { ...event, occurredAt: 'yesterday' },
      { ...event, colour: 'red' },
    ];
    for (const body of bad) expect([body, (await project.post('/events', body)).status]).toEqual([body, 422]);
  });

  test('text of any kind is taken; NUL and lone surrogates do not hurt other callers', async () => {
    const texts = ['🎵'.repeat(400), 'x'.repeat(1_600), '\u0000\u0007', 'مرحبا', '\ud83d', '\u202e'];
    const answers = await Promise.all(
      texts.map((keyword, at) =>
        project.post('/events', keywordEvent(`odd ${at} \u0000`, { subject: { keyword } })),
      ),
    );
    expect(answers.map((one) => one.status)).toEqual(texts.map(() => 202));
    expect((await project.get(`/events/${answers[4]!.body['eventId']}`)).body['subject']).toEqual({
      keyword: '\ufffd',
    });
  });

  test('R96 consent needs a key with consent:write, and is marked as claimed by it', async () => {
    const consent = {
      text: 'I agree',
      version: '3',
      obtainedAt: '2026-01-01T00:00:00Z',
      method: 'form',
      sourceUrl: 'https://luna.example/join',
    };
    const event = { ...keywordEvent('consent'), type: 'sms.opted_in', subject: {}, consent };
    expect((await project.post('/events', event)).body).toMatchObject({
      status: 403,
      code: 'forbidden',
      rule: 'R96',
    });
    const trusted = await api.addProject({ scopes: ['events:write', 'consent:write'] });
    expect((await trusted.post('/events', event)).status).toBe(202);
    expect((await trusted.post('/events', { ...event, consent: { text: 'I agree' } })).status).toBe(422);
  });
});
