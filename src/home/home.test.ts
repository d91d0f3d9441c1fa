import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { setBudget } from '#credits/budgets.ts';
import { setLimit } from '#credits/limits.ts';
import { rollUp } from '#engine/rollups.ts';
import { newId } from '#lib/ids.ts';
import { addNumber, startApi, type TestProject } from '#http/testing.ts';
import { readHappened } from './happened.ts';
import { noteVisit, readSince } from './visits.ts';

const api = await startApi();
const hour = 3_600_000;

async function addRelease(project: TestProject, title: string, inHours: number, mode = 'global') {
  const artist = (await project.post('/artists', { name: 'Luna Vale' })).body;
  const { body } = await project.post('/releases', {
    title,
    artistId: artist['id'],
    kind: 'album',
    releaseAt: new Date(Date.now() + inHours * hour).toISOString(),
    releaseMode: mode,
  });
  return String(body['id']);
}

async function addFlow(project: TestProject): Promise<string> {
  const segment = (await project.post('/segments', { name: newId() })).body;
  const { body } = await project.post('/flows', {
    name: 'Pre-save',
    trigger: { trigger: 'keyword', config: { keywords: ['PRESAVE'] } },
    steps: [{ step: 'add-to-segment', config: { segmentId: segment['id'] } }],
  });
  await project.post(`/flows/${body['id']}/activate`);
  return String(body['id']);
}

describe('home', () => {
  let project: TestProject;
  beforeAll(async () => {
    project = await api.addProject();
  });
  const home = async (of = project) => (await of.get('/home')).body;

  test('of a project in which nothing has happened says so', async () => {
    expect(await home()).toEqual({
      since: expect.any(String),
      wasHere: false,
      happened: {
        newFans: 0,
        textsIn: 0,
        messagesOut: 0,
        runs: 0,
        outcomes: { done: 0, skipped: 0, held: 0, deferred: 0, failed: 0, unknown: 0 },
      },
      needs: {
        doubts: 0,
        unread: 0,
        unknownSends: 0,
        dyingGrants: { count: 0, firstDiesAt: null },
        connections: [],
        emailSenders: [],
        failures: [],
        pausedFlows: [],
        budgets: [],
      },
      has: { fans: false, flows: false, releases: false, senders: false },
      nextRelease: null,
    });
  });

  test('counts what happened, outcomes of few runs at once and those of many by days', async () => {
    await addFlow(project);
    const { body } = await project.post('/events', {
      type: 'sms.keyword',
      fan: { phone: '+13035550142' },
      subject: { keyword: 'presave' },
      idempotencyKey: 'home',
    });
    const state = async () => (await project.get(`/runs/${body['runs'][0]}`)).body['state'];
    await expect.poll(state, { timeout: 10_000 }).toBe('ended');
    // Never here: seven days.
    expect((await home())['happened']).toMatchObject({
      newFans: 1,
      runs: 1,
      textsIn: 0,
      outcomes: { done: 1 },
    });
    const many = () => readHappened(api.db, project.projectId, new Date(Date.now() - hour), 0);
    expect((await many()).outcomes.done).toBe(0);
    await rollUp(api.db, new Date());
    expect((await many()).outcomes.done).toBe(1);
    const visited = new Date(Date.now() - hour);
    await sql`insert into home_visit (project_id, person, at, before_at)
              values (${project.projectId}, ${`key:${project.keyId}`}, now(), ${visited})`.execute(api.db);
    expect(await home()).toMatchObject({
      since: visited.toISOString(),
      wasHere: true,
      happened: { newFans: 1, runs: 1, outcomes: { done: 1 } },
      has: { fans: true, flows: true },
    });
    const other = await api.addProject();
    expect((await home(other))['happened']).toMatchObject({ newFans: 0, runs: 0 });
  });

  test('names what needs a person', async () => {
    const { projectId } = project;
    const flowId = await addFlow(await api.addProject());
    const [id, fanId] = [newId(), newId()];
    await addNumber(api, project);
    const [connection] = (await project.get('/connections')).body['items'];
    await sql`update connection set state = 'error', last_error = 'Twilio is down' where id = ${connection.id}`.execute(
      api.db,
    );
    await sql`insert into inbox_message (project_id, id, channel, from_address, to_address, body, reason, received_at)
              values (${projectId}, ${id}, 'sms', '+13035550142', '+16195550100', 'stop so much', 'doubt', now())`.execute(
      api.db,
    );
    await sql`insert into intent (project_id, id, work_id, effect, key, payload, state, sent_at)
              values (${projectId}, ${id}, ${id}, 'sms.send', 'k', '', 'unknown', now())`.execute(api.db);
    for (const days of [3, 29, 31, -1]) {
      await sql`insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, scopes, state,
                                             authorised_at, dies_at, proven_at)
                values (${projectId}, ${fanId}, ${`music${days}`}, ${id}, 'a', '{}', 'live', now(),
                        now() + ${days} * interval '1 day', now())`.execute(api.db);
    }
    const [{ id: mine }] = (await project.get('/flows')).body['items'];
    await sql`insert into rollup (project_id, day, flow_id, position, service, status, reason, count)
              values (${projectId}, current_date, ${mine}, 2, '', 'failed', 'undeliverable', 4),
                     (${projectId}, current_date, ${mine}, 3, '', 'failed', 'refused', 9),
                     (${projectId}, current_date - 9, ${mine}, 3, '', 'failed', 'refused', 90),
                     (${projectId}, current_date, ${flowId}, 3, '', 'failed', 'refused', 70)`.execute(api.db);
    await sql`insert into credit_balance (project_id, account, period, used, reserved, allowance)
              values (${projectId}, 'sms', to_char(now(), 'YYYY-MM'), 70, 10, 100),
                     (${projectId}, 'email', to_char(now(), 'YYYY-MM'), 79, 0, 100)`.execute(api.db);
    const goesOn = { allowance: 90, atLimit: 'go_on', overage: null } as const;
    await setLimit(api.db, projectId, 'email', goesOn, { now: new Date(), actor: 'test' });
    // Of a flow's budget and the day's, those that are nearly gone are told.
    for (const [of, credits] of [
      [mine, 1],
      [null, 1_000_000],
    ] as const)
      await setBudget(
        api.db,
        projectId,
        { account: 'sms', flowId: of },
        { credits, atLimit: 'stop' },
        { now: new Date(), actor: 'test' },
      );
    await sql`update budget_balance set used = 1 where project_id = ${projectId}`.execute(api.db);
    const { needs, has } = await home();
    expect(needs).toEqual({
      doubts: 1,
      unread: 1,
      unknownSends: 1,
      dyingGrants: { count: 2, firstDiesAt: expect.any(String) },
      connections: [{ id: connection.id, label: 'Number', state: 'error', lastError: 'Twilio is down' }],
      emailSenders: [],
      failures: [
        { flowId: mine, flowName: 'Pre-save', reason: 'refused', count: 9 },
        { flowId: mine, flowName: 'Pre-save', reason: 'undeliverable', count: 4 },
      ],
      pausedFlows: [],
      budgets: [
        { account: 'email', span: 'month', flowName: null, used: 79, allowance: 90 },
        { account: 'sms', span: 'month', flowName: null, used: 80, allowance: 100 },
        { account: 'sms', span: 'flow', flowName: 'Pre-save', used: 1, allowance: 1 },
      ],
    });
    expect(has.senders).toBe(true);
  });

  test('R113 names an address from which no mail leaves', async () => {
    const own = await api.addProject({ isLive: true });
    const { id } = await api.connections.createConnection({
      accountId: own.accountId,
      connector: 'resend',
      label: 'Mail',
      isLive: true,
      settings: { apiKey: 're_0123456789', fromAddress: 'hello@luna.example' },
    });
    await api.connections.lendConnection(own.accountId, id, own.projectId);
    const troubles = async () => (await home(own)).needs.emailSenders;
    expect(await troubles()).toEqual([{ id, address: 'hello@luna.example', trouble: 'not_verified' }]);
    await sql`insert into email_sender (connection_id, checks, is_verified)
              values (${id}, '{"address": "hello@luna.example"}', true)`.execute(api.db);
    expect(await troubles()).toEqual([]);
    await sql`update email_sender set paused_at = now(), paused_for = 'bounces'`.execute(api.db);
    expect(await troubles()).toMatchObject([{ trouble: 'paused' }]);
  });

  test('R57 shows the release that is out next with its saves, a local one until the day has begun everywhere', async () => {
    const own = await api.addProject();
    await addRelease(own, 'Out already', -1);
    const far = await addRelease(own, 'Far', 500);
    expect((await home(own))['nextRelease']).toMatchObject({
      title: 'Far',
      artistName: 'Luna Vale',
      saves: [],
    });
    const near = await addRelease(own, 'Near', 20);
    await sql`insert into save (project_id, fan_id, release_id, service, state, created_at)
              values (${own.projectId}, ${newId()}, ${near}, 'music', 'scheduled', now())`.execute(api.db);
    expect((await home(own))['nextRelease']).toMatchObject({
      title: 'Near',
      saves: [{ service: 'music', state: 'scheduled', count: 1 }],
    });
    await own.post(`/releases/${near}/cancel`);
    expect((await home(own))['nextRelease']).toMatchObject({ id: far });
    await addRelease(own, 'Local', -5, 'local');
    expect((await home(own))['nextRelease']).toMatchObject({ title: 'Local' });
  });

  test('R88 asks for the right to see', async () => {
    const blind = await api.addProject({ scopes: ['events:write'] });
    expect((await blind.get('/home')).status).toBe(403);
    expect((await api.call(null, 'GET', '/home')).status).toBe(401);
  });
});

describe('a visit', () => {
  test('begins half an hour after the last look; what is new is what came since the one before', async () => {
    const { projectId } = await api.addProject();
    const at = (minutes: number) => new Date(Date.UTC(2026, 0, 10) + minutes * 60_000);
    const since = async (minutes: number) => readSince(api.db, projectId, 'person:1', at(minutes));
    expect((await since(0)).wasHere).toBe(false);
    for (const minutes of [0, 10, 20]) await noteVisit(api.db, projectId, 'person:1', at(minutes));
    expect((await since(25)).wasHere).toBe(false);
    expect(await since(90)).toEqual({ since: at(20), wasHere: true });
    await noteVisit(api.db, projectId, 'person:1', at(90));
    expect(await since(91)).toEqual({ since: at(20), wasHere: true });
    expect((await readSince(api.db, projectId, 'person:2', at(91))).wasHere).toBe(false);
    const weeks = 60 * 24 * 30;
    expect(await since(weeks)).toEqual({ since: at(weeks - 60 * 24 * 7), wasHere: true });
  });

  test('is noted by the page', async () => {
    const project = await api.addProject();
    for (let again = 0; again < 2; again++) expect((await project.post('/home/visit')).status).toBe(204);
    const { rows } = await sql`select person from home_visit where project_id = ${project.projectId}`.execute(
      api.db,
    );
    expect(rows).toEqual([{ person: `key:${project.keyId}` }]);
  });
});

describe('usage in money', () => {
  test('R79 by day and by flow, sends only, of this month and project', async () => {
    const project = await api.addProject();
    const { projectId } = project;
    const flowId = await addFlow(project);
    const month = new Date().toISOString().slice(0, 7);
    await sql`insert into credit_balance (project_id, account, period, used, reserved)
              values (${projectId}, 'sms', ${month}, 1600, 100)`.execute(api.db);
    await sql`insert into rollup (project_id, day, flow_id, position, service, status, reason, count, credits)
              values (${projectId}, ${`${month}-01`}::date, ${flowId}, 2, '', 'done', '', 5, 1500),
                     (${projectId}, ${`${month}-01`}::date - 1, ${flowId}, 2, '', 'done', '', 5, 700)`.execute(
      api.db,
    );
    const { body } = await project.get('/usage/details');
    expect(body).toMatchObject({
      currency: 'USD',
      used: { sms: 1600, email: 0, micros: 18_400_000 },
      reserved: { sms: 100, micros: 1_150_000 },
      flows: [{ flowId, name: 'Pre-save', isDeleted: false, sms: 1500, email: 0, micros: 17_250_000 }],
    });
    expect(body['days']).toHaveLength(new Date().getUTCDate());
    expect(body['days'][0]).toEqual({ day: `${month}-01`, sms: 1500, email: 0, micros: 17_250_000 });
    await project.del(`/flows/${flowId}`);
    expect((await project.get('/usage/details')).body['flows']).toMatchObject([{ flowId, isDeleted: true }]);
    expect((await (await api.addProject()).get('/usage/details')).body['flows']).toEqual([]);
  });
});
