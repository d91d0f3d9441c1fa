import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addFlow, keywordEvent, startRuns } from './testing.ts';

const { api, project, other, flowId, start, untilHeld } = await startRuns();

async function addFlowOfItsOwn() {
  const own = await api.addProject();
  await addFlow(own, (segmentId) => [{ step: 'add-to-segment', config: { segmentId } }]);
  const { body } = await own.post('/events', keywordEvent('one'));
  return { project: own, started: body as { eventId: string; runs: string[] } };
}

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
