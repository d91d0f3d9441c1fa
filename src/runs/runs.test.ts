import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi, statusesOf, type TestProject } from '#http/testing.ts';

const api = await startApi({ heldSteps: ['send-text'] });
let project: TestProject;
let other: TestProject;
let flowId: string;

const keywordEvent = (key: string, more: object = {}) => ({
  type: 'sms.keyword',
  fan: { phone: '+16195550101' },
  subject: { keyword: 'presave' },
  idempotencyKey: key,
  ...more,
});

async function addFlow(to: TestProject, steps: (segmentId: string) => object[]): Promise<string> {
  const segment = await to.post('/segments', { name: newId() });
  const { body } = await to.post('/flows', {
    name: 'Flow',
    trigger: { trigger: 'keyword', config: { keywords: ['PRESAVE'] } },
    steps: steps(segment.body['id']),
  });
  expect((await to.post(`/flows/${body['id']}/activate`)).status).toBe(200);
  return body['id'];
}

beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
  flowId = await addFlow(project, (segmentId) => [
    { step: 'add-to-segment', config: { segmentId } },
    { step: 'send-text', config: { body: 'hi' } },
    { step: 'add-to-segment', config: { segmentId } },
  ]);
});

async function start(phone = `+1619555${String(Math.floor(Math.random() * 10_000)).padStart(4, '0')}`) {
  const { body } = await project.post('/events', keywordEvent(newId(), { fan: { phone } }));
  return body as { eventId: string; runs: string[] };
}

async function untilHeld(runId: string) {
  await expect.poll(async () => (await project.get(`/runs/${runId}`)).body['state']).toBe('held');
}

async function addFlowOfItsOwn() {
  const own = await api.addProject();
  await addFlow(own, (segmentId) => [{ step: 'add-to-segment', config: { segmentId } }]);
  const { body } = await own.post('/events', keywordEvent('one'));
  return { project: own, started: body as { eventId: string; runs: string[] } };
}

async function openStream(to: TestProject, query = '') {
  const abort = new AbortController();
  const response = await api.app.request(`/api/v1/runs/stream${query}`, {
    headers: { authorization: `Bearer ${to.key}` },
    signal: abort.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`the stream ended with: ${text}`);
        text += value;
      }
      return text;
    },
    async close() {
      abort.abort();
      await reader.cancel();
    },
  };
}

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

describe('runs', () => {
  test('R34 lists all steps from the start, done, held and pending', async () => {
    const { eventId, runs } = await start();
    await untilHeld(runs[0]!);
    const { body } = await project.get(`/runs/${runs[0]}`);
    const pending = {
      service: null,
      attempts: 0,
      providerId: null,
      credits: 0,
      waitingFor: null,
      delivery: null,
    };
    expect(body).toEqual({
      id: runs[0],
      flowId,
      flowVersion: 1,
      fanId: expect.any(String),
      eventId,
      state: 'held',
      openSteps: 0,
      startedAt: expect.stringMatching(/Z$/),
      endedAt: null,
      steps: [
        {
          ...pending,
          position: 1,
          step: 'add-to-segment',
          status: 'done',
          reason: null,
          startedAt: expect.stringMatching(/Z$/),
          endedAt: expect.stringMatching(/Z$/),
          history: [{ status: 'done', reason: null, at: expect.stringMatching(/Z$/) }],
        },
        {
          ...pending,
          position: 2,
          step: 'send-text',
          status: 'held',
          reason: 'quiet_hours',
          startedAt: expect.stringMatching(/Z$/),
          endedAt: null,
          waitingFor: expect.objectContaining({ until: expect.stringMatching(/Z$/) }),
          history: [expect.objectContaining({ status: 'held', reason: 'quiet_hours' })],
        },
        {
          ...pending,
          position: 3,
          step: 'add-to-segment',
          status: 'pending',
          reason: null,
          startedAt: null,
          endedAt: null,
          history: [],
        },
      ],
    });
  });

  test('are cancelled; what was not done is skipped', async () => {
    const { runs } = await start();
    await untilHeld(runs[0]!);
    expect((await other.post(`/runs/${runs[0]}/cancel`)).status).toBe(404);
    const { status, body } = await project.post(`/runs/${runs[0]}/cancel`);
    expect([status, body['state']]).toEqual([200, 'cancelled']);
    await expect
      .poll(async () => (await project.get(`/runs/${runs[0]}`)).body['steps'][1])
      .toMatchObject({ status: 'skipped', reason: 'cancelled' });
    expect((await project.get(`/runs/${runs[0]}`)).body).toMatchObject({ state: 'cancelled' });
    expect((await project.post(`/runs/${runs[0]}/cancel`)).status).toBe(200);
  });

  test('R11 end with their flow: what they waited for is skipped once delete has returned', async () => {
    const own = await api.addProject();
    const doomed = await addFlow(own, () => [
      { step: 'send-text', config: { body: 'hi' } },
      { step: 'send-text', config: { body: 'again' } },
    ]);
    const { body } = await own.post('/events', keywordEvent('doomed'));
    const read = async () => (await own.get(`/runs/${body['runs'][0]}`)).body;
    await expect.poll(async () => (await read())['state']).toBe('held');
    expect((await own.del(`/flows/${doomed}`)).status).toBe(204);
    expect((await read())['state']).toBe('cancelled');
    await expect
      .poll(async () => (await read())['steps'].map((step: { reason: string }) => step.reason))
      .toEqual(['flow_deleted', 'flow_deleted']);
    expect((await own.post('/events', keywordEvent('after'))).body['runs']).toEqual([]);
  });

  test('R9 are cancelled by a pause that says so, and kept by one that does not', async () => {
    const own = await api.addProject();
    const pausable = await addFlow(own, () => [{ step: 'send-text', config: { body: 'hi' } }]);
    const { body } = await own.post('/events', keywordEvent('pausable'));
    const state = async () => (await own.get(`/runs/${body['runs'][0]}`)).body['state'];
    await expect.poll(state).toBe('held');
    await own.post(`/flows/${pausable}/pause`);
    expect(await state()).toBe('held');
    expect((await own.post('/events', keywordEvent('while paused'))).body['runs']).toEqual([]);
    await own.post(`/flows/${pausable}/pause`, { inProgress: 'cancel' });
    expect(await state()).toBe('cancelled');
  });

  test('are filtered by flow, fan, event and state', async () => {
    const quick = await addFlowOfItsOwn();
    const { eventId, runs } = quick.started;
    const list = async (query: string) =>
      ((await quick.project.get(`/runs?${query}`)).body['items'] as { id: string }[]).map((run) => run.id);
    await expect.poll(() => list('state=ended')).toEqual(runs);
    const { body: run } = await quick.project.get(`/runs/${runs[0]}`);
    expect(run).toMatchObject({ state: 'ended', endedAt: expect.any(String) });
    for (const query of [`flowId=${run['flowId']}`, `fanId=${run['fanId']}`, `eventId=${eventId}`, '']) {
      expect(await list(query)).toEqual(runs);
    }
    for (const query of [
      `flowId=${newId()}`,
      `fanId=${newId()}`,
      `eventId=${newId()}`,
      'state=held',
      'state=queued',
      'state=running',
      'state=cancelled',
    ]) {
      expect([query, await list(query)]).toEqual([query, []]);
    }
    expect((await quick.project.get('/runs?state=x')).status).toBe(422);
  });

  test('are listed newest first, page by page, and only their own project’s', async () => {
    const own = await api.addProject();
    await addFlow(own, (segmentId) => [{ step: 'add-to-segment', config: { segmentId } }]);
    const expected: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { body } = await own.post(
        '/events',
        keywordEvent(`page ${n}`, { fan: { phone: `+1619555020${n}` } }),
      );
      expected.unshift(body['runs'][0]);
    }
    const seen: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const { body } = await own.get(`/runs${query}`);
      seen.push(...(body['items'] as { id: string }[]).map((run) => run.id));
      if (body['nextCursor'] === null) break;
      query = `?limit=2&cursor=${body['nextCursor']}`;
    }
    expect(seen).toEqual(expected);
    expect((await other.get(`/runs?fanId=${newId()}`)).body['items']).toEqual([]);
    expect((await other.get(`/runs/${expected[0]}`)).status).toBe(404);
  });
});

describe('the live stream', () => {
  test('tells a run that starts and what becomes of it, to its own project only', async () => {
    const [mine, theirs] = [await openStream(project), await openStream(other)];
    await mine.until(/event: ready/);
    const { runs } = await start();
    const text = await mine.until(new RegExp(`"id":"${runs[0]}"[^\\n]*"state":"held"`));
    expect(text).toMatch(/event: run\ndata: \{"id"/);
    const heard = await theirs.until(/event: ready/);
    expect(heard).not.toContain(runs[0]!);
    await mine.close();
    await theirs.close();
  });

  test('follows one run by name', async () => {
    const { runs } = await start();
    const stream = await openStream(project, `?runId=${runs[0]}`);
    await stream.until(/"state":"held"/);
    await project.post(`/runs/${runs[0]}/cancel`);
    expect(await stream.until(/"state":"cancelled"/)).toContain(runs[0]!);
    await stream.close();
  });

  test('is not opened by a HEAD', async () => {
    const headers = { authorization: `Bearer ${project.key}` };
    const before = api.runFeed.streams;
    const response = await api.app.request('/api/v1/runs/stream', { method: 'HEAD', headers });
    expect([response.status, api.runFeed.streams]).toEqual([200, before]);
  });

  test('unknown filters are 422', async () => {
    expect((await project.get('/runs/stream?x=1')).status).toBe(422);
  });
});
