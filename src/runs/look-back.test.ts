import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addFlow, keywordEvent, startRuns } from './testing.ts';

const { api, project, other, flowId, start, untilHeld } = await startRuns();

const held = (await start('+16195559901')).runs[0]!;

describe('a search among runs', () => {
  test('finds them by what came out of a step, by flow, and since when', async () => {
    await untilHeld(held);
    const ids = async (query: string, of = project) =>
      ((await of.get(`/runs?${query}`)).body['items'] as { id: string }[]).map((run) => run.id);
    expect(await ids('status=held&reason=quiet_hours')).toEqual([held]);
    expect(await ids(`status=held&flowId=${flowId}&state=held`)).toEqual([held]);
    expect(await ids(`status=held&flowId=${newId()}`)).toEqual([]);
    expect(await ids('status=held&state=ended')).toEqual([]);
    expect(await ids('reason=lane')).toEqual([]);
    expect(await ids('status=failed')).toEqual([]);
    expect(await ids(`since=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([held]);
    expect(await ids(`since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await ids('status=held', other)).toEqual([]);
    expect((await project.get('/runs?status=odd')).status).toBe(422);
  });

  test('goes on by its cursor until nothing older is left', async () => {
    const own = await api.addProject();
    await addFlow(own, (segmentId) => [{ step: 'add-to-segment', config: { segmentId } }]);
    const started: string[] = [];
    for (const phone of ['+16195558001', '+16195558002', '+16195558003']) {
      const { body } = await own.post('/events', keywordEvent(newId(), { fan: { phone } }));
      started.unshift(body['runs'][0]);
      await expect
        .poll(async () => (await own.get(`/runs/${started[0]}`)).body['state'], { timeout: 10_000 })
        .toBe('ended');
    }
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await own.get(`/runs?status=done&limit=2${after}`);
      found.push(...(body['items'] as { id: string }[]).map((run) => run.id));
      cursor = body['nextCursor'] as string | null;
    }
    expect(found).toEqual(started);
  });
});

test('names say whose runs they are, and keep the name of a deleted flow', async () => {
  const own = await api.addProject();
  const flow = await addFlow(own, (segmentId) => [{ step: 'add-to-segment', config: { segmentId } }]);
  const { body } = await own.post('/events', keywordEvent('names'));
  const [runId] = body['runs'] as string[];
  await sql`update fan set name = 'Maya' where project_id = ${own.projectId}`.execute(api.db);
  await own.del(`/flows/${flow}`);
  const names = async (of = own) => (await of.get(`/run-names?ids=${runId},${newId()}`)).body['items'];
  expect(await names()).toEqual([{ runId, flowName: 'Flow', fanName: 'Maya', fanAddress: '+16195550101' }]);
  expect(await names(other)).toEqual([]);
  expect((await own.get('/run-names?ids=x')).status).toBe(422);
});

test('the story of a run says what the fan did and what each step was to do', async () => {
  await untilHeld(held);
  await sql`update outcome set detail = 'Wait for it.' where run_id = ${held} and position = 2`.execute(
    api.db,
  );
  const { body } = await project.get(`/runs/${held}/story`);
  expect(body).toEqual({
    event: {
      type: 'sms.keyword',
      source: 'api',
      occurredAt: expect.stringMatching(/Z$/),
      subject: expect.objectContaining({ keyword: 'presave' }),
    },
    steps: [
      { position: 1, step: 'add-to-segment', summary: expect.stringContaining('Add to'), details: [] },
      {
        position: 2,
        step: 'send-text',
        summary: 'Text “hi”',
        details: [{ service: null, detail: 'Wait for it.' }],
      },
      { position: 3, step: 'add-to-segment', summary: expect.any(String), details: [] },
    ],
  });
  expect((await other.get(`/runs/${held}/story`)).status).toBe(404);
});

test('R89 what was sent is opened for who may see addresses, and for nobody else', async () => {
  const { projectId } = project;
  const id = newId();
  const payload = api.sealer.seal(JSON.stringify({ body: 'Nova Reyes: tap to pre-save' }));
  await sql`
    insert into intent (project_id, id, work_id, run_id, position, effect, key, payload, state, credits, provider_id, sent_at)
    values (${projectId}, ${id}, ${id}, ${held}, 2, 'sms.send', ${id}, ${payload}, 'done', 1, 'SM1', now())`.execute(
    api.db,
  );
  await sql`
    insert into message (project_id, id, channel, address, sender, class, run_id, parts, has_opt_out_wording, sent_at)
    values (${projectId}, ${id}, 'sms', '+16195559901', '+16195550100', 'reply', ${held}, 1, false, now())`.execute(
    api.db,
  );
  const { body } = await project.get(`/runs/${held}/messages`);
  expect(body['items']).toEqual([
    {
      id,
      position: 2,
      channel: 'sms',
      from: '+16195550100',
      to: '+16195559901',
      body: 'Nova Reyes: tap to pre-save',
      parts: 1,
      credits: 1,
      sentAt: expect.stringMatching(/Z$/),
      state: 'done',
      attempt: 1,
      providerId: 'SM1',
    },
  ]);
  expect((await other.get(`/runs/${held}/messages`)).status).toBe(404);
  const viewer = await api.addPerson(project, 'viewer');
  expect((await viewer.get(`/runs/${held}/messages`)).status).toBe(403);
  expect((await viewer.get(`/runs/${held}/story`)).status).toBe(200);
  const [names] = (await viewer.get(`/run-names?ids=${held}`)).body['items'];
  expect(names.fanAddress).not.toContain('5559901');
});
