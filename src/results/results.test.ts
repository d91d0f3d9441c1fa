import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { rollUp } from '#engine/rollups.ts';
import { newId } from '#lib/ids.ts';
import { startApi, type TestProject } from '#http/testing.ts';
import { addFlow, keywordEvent } from '#runs/testing.ts';

const api = await startApi();
const dayMs = 86_400_000;
const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString().slice(0, 10);

async function run(project: TestProject, phone: string) {
  const { body } = await project.post('/events', keywordEvent(newId(), { fan: { phone } }));
  const state = async () => (await project.get(`/runs/${body['runs'][0]}`)).body['state'];
  await expect.poll(state, { timeout: 10_000 }).toBe('ended');
}

const twoSteps = (segmentId: string) => [
  { step: 'add-to-segment', config: { segmentId } },
  { step: 'send-text', config: { body: 'hi' } },
];

describe('the results of flows', () => {
  test('hold what just happened, the same before and after it was counted, and nobody else’s', async () => {
    const [project, other] = [await api.addProject(), await api.addProject()];
    const flowId = await addFlow(project, twoSteps);
    const idle = await project.post('/flows', { ...draft, name: 'Idle' });
    await run(project, '+16195557001');
    await run(project, '+16195557002');
    const list = async (of = project) => (await of.get('/flow-results')).body;
    const before = await list();
    expect(before).toEqual({
      currency: 'USD',
      days: [6, 5, 4, 3, 2, 1, 0].map(dayOf),
      items: expect.arrayContaining([
        { flowId, runs: 2, outcomes: { ...none, done: 4 }, micros: 0, daily: [0, 0, 0, 0, 0, 0, 2] },
        { flowId: idle.body['id'], runs: 0, outcomes: none, micros: 0, daily: [0, 0, 0, 0, 0, 0, 0] },
      ]),
    });
    await rollUp(api.db, new Date());
    expect(await list()).toEqual(before);
    expect((await list(other))['items']).toEqual([]);
    expect((await other.get(`/flows/${flowId}/results`)).status).toBe(404);
  });

  test('are a funnel by step, outcome and reason, with days and money', async () => {
    const project = await api.addProject();
    const flowId = await addFlow(project, twoSteps);
    const { projectId } = project;
    const rows: [number, number, string, string, string, number, number][] = [
      // days ago, position, service, status, reason, count, credits
      [3, 0, '', 'started', '', 10, 0],
      [3, 1, 'tidal', 'done', '', 6, 0],
      [3, 1, 'deezer', 'done', 'already', 4, 0],
      [3, 1, '', 'deferred', 'not_connected', 4, 0],
      [3, 2, '', 'done', '', 7, 7],
      [3, 2, '', 'skipped', 'opted_out', 3, 0],
      [40, 0, '', 'started', '', 99, 0],
    ];
    for (const [ago, position, service, status, reason, count, credits] of rows) {
      await sql`insert into rollup (project_id, day, flow_id, position, service, status, reason, count, credits)
                values (${projectId}, ${dayOf(ago)}::date, ${flowId}, ${position}, ${service}, ${status}, ${reason},
                        ${count}, ${credits})`.execute(api.db);
    }
    const { body } = await project.get(`/flows/${flowId}/results?days=7`);
    expect([body['runs'], body['days'].length]).toEqual([10, 7]);
    expect(body['micros']).toBeGreaterThan(0);
    expect(body['days'][3]).toEqual({
      day: dayOf(3),
      runs: 10,
      outcomes: { ...none, done: 17, deferred: 4, skipped: 3 },
    });
    const clicks = { people: 0, scanners: 0 };
    expect(body['steps']).toEqual([
      {
        position: 1,
        clicks,
        step: 'add-to-segment',
        summary: expect.any(String),
        // Two services of one run are one fan: six and four on services, four on none.
        runs: 10,
        outcomes: { ...none, done: 10, deferred: 4 },
        reasons: [
          { status: 'done', reason: null, service: 'tidal', count: 6 },
          { status: 'done', reason: 'already', service: 'deezer', count: 4 },
          { status: 'deferred', reason: 'not_connected', service: null, count: 4 },
        ],
        micros: 0,
      },
      {
        position: 2,
        clicks,
        step: 'send-text',
        summary: 'Text “hi”',
        runs: 10,
        outcomes: { ...none, done: 7, skipped: 3 },
        reasons: [
          { status: 'done', reason: null, service: null, count: 7 },
          { status: 'skipped', reason: 'opted_out', service: null, count: 3 },
        ],
        micros: body['micros'],
      },
    ]);
    const far = await project.get(`/flows/${flowId}/results?days=60`);
    expect(far.body['runs']).toBe(109);
    const blind = await api.addProject({ scopes: ['events:write'] });
    expect((await blind.get('/flow-results')).status).toBe(403);
  });
});

const none = { done: 0, skipped: 0, held: 0, deferred: 0, failed: 0, unknown: 0 };
const draft = {
  trigger: { trigger: 'keyword', config: { keywords: ['IDLE'] } },
  steps: [{ step: 'send-text', config: { body: 'hi' } }],
};
