import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { statusesOf, type TestProject } from '#http/testing.ts';
import { plainFlow, startFlows } from '#flows/testing.ts';
import { changePlan } from './change-plan.ts';
import { planRoutes } from './routes.ts';

const { api, add } = await startFlows();
const clock = { now: () => new Date() };

async function active(flow: object, to: TestProject): Promise<string> {
  const { id } = await add(flow, to);
  expect((await to.post(`/flows/${id}/activate`)).status).toBe(200);
  return id;
}

const statesIn = async (project: TestProject) =>
  Object.fromEntries(
    (await project.get('/flows')).body['items'].map((flow: Record<string, string>) => [
      flow['name'],
      flow['pauseReason'] ?? flow['state'],
    ]),
  );

const activeIn = async ({ accountId }: TestProject) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from flow f join project p on p.id = f.project_id
     where p.account_id = ${accountId} and f.state = 'active'`.execute(api.db);
  return rows[0]?.count;
};

const step = { step: 'send-text', config: { body: 'hi' } };

describe('R4 a plan', () => {
  test('R4 is read with what the project uses of it; the self-hosted one is without limit', async () => {
    const project = await api.addProject();
    await active({ ...plainFlow('LONG'), steps: [step, step, step] }, project);
    expect((await project.get('/plan')).body).toEqual({
      plan: {
        id: 'self-hosted',
        label: 'Self-hosted',
        maxSteps: null,
        maxActive: null,
        instagram: true,
        newReleaseTrigger: true,
      },
      decidedBy: 'owner',
      use: { active: 1, longest: 3 },
      paused: [],
    });
  });

  test('R4 R89 is changed by an owner, not by a manager and not by a key', async () => {
    const project = await api.addProject({ plan: 'pro' });
    const [owner, manager] = await Promise.all([
      api.addPerson(project, 'owner'),
      api.addPerson(project, 'manager'),
    ]);
    expect((await project.put('/plan', { plan: 'enterprise' })).status).toBe(403);
    expect((await manager.put('/plan', { plan: 'enterprise' })).status).toBe(403);
    expect((await manager.get('/plan')).body['plan'].id).toBe('pro');
    const wrong = await owner.put('/plan', { plan: 'platinum' });
    expect([wrong.status, wrong.body['errors'][0].path]).toEqual([422, 'plan']);
    expect((await owner.put('/plan', { plan: 'constructor' })).status).toBe(422);
    for (let twice = 0; twice < 2; twice++)
      expect((await owner.put('/plan', { plan: 'enterprise' })).status).toBe(200);
    const { items } = (await owner.get('/audit?action=plan.changed')).body as unknown as {
      items: { before: object; after: object }[];
    };
    expect(items).toMatchObject([{ before: { plan: 'pro' }, after: { plan: 'enterprise', paused: [] } }]);
  });

  test('R4 is nobody’s but the operator’s where plans are sold', async () => {
    const { accountId } = await api.addProject({ plan: 'basic' });
    const routes = planRoutes({ db: api.db, clock, doOwnersChangePlan: false });
    const change = routes.find(({ endpoint }) => endpoint.method === 'PUT');
    // As: the handler reads no more of a request than this.
    const request = { caller: { accountId, actor: 'person:x' }, body: { plan: 'pro' } } as never;
    await expect(change?.handle(request)).rejects.toMatchObject({ status: 403 });
  });
});

describe('A7 a smaller plan', () => {
  test('R5 pauses the newest active flows with the reason and deletes nothing; each can start again', async () => {
    const project = await api.addProject();
    const sibling = await api.addProject({ accountId: project.accountId });
    for (const word of ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7']) await active(plainFlow(word), project);
    await add(plainFlow('DRAFT'), project);
    await active(plainFlow('B1'), sibling);
    const owner = await api.addPerson(project, 'owner');
    const choices = (await owner.get('/plan/choices')).body['items'];
    const told = choices.find(({ id }: { id: string }) => id === 'pro').wouldPause;
    const { body } = await owner.put('/plan', { plan: 'pro' });
    expect(body['paused']).toEqual(told);
    expect(told.map(({ name, reason }: Record<string, string>) => `${name} ${reason}`)).toEqual([
      'Plain A6 plan_active',
      'Plain A7 plan_active',
    ]);
    expect(await statesIn(project)).toEqual({
      'Plain A1': 'active',
      'Plain A2': 'active',
      'Plain A3': 'active',
      'Plain A4': 'active',
      'Plain A5': 'active',
      'Plain A6': 'plan_active',
      'Plain A7': 'plan_active',
      'Plain DRAFT': 'draft',
    });
    // R5 counts each project by itself.
    expect(await statesIn(sibling)).toEqual({ 'Plain B1': 'active' });
    // The words of a paused flow are free, and its runs are held (R9).
    const { flowId } = told[0];
    const { rows } = await sql<{ closed: boolean; scopes: number }>`
      select closed, (select count(*)::int from active_scope s where s.flow_id = ${flowId}) as scopes
        from gate where key = ${`flow:${flowId}`}`.execute(api.db);
    expect(rows).toEqual([{ closed: true, scopes: 0 }]);
    expect((await project.post(`/flows/${flowId}/activate`)).body).toMatchObject({ rule: 'R5' });
    await owner.put('/plan', { plan: 'enterprise' });
    expect((await project.get('/plan')).body['paused']).toHaveLength(2);
    expect((await project.post(`/flows/${flowId}/activate`)).body).toMatchObject({
      state: 'active',
      pauseReason: null,
    });
  });

  test('R6 R7 pauses what it does not have, and leaves its room to what it has', async () => {
    const project = await api.addProject();
    const dm = { trigger: { trigger: 'instagram-dm', config: { keywords: ['LINK'] } } };
    await active({ ...plainFlow('LONG'), steps: [step, step] }, project);
    await active({ name: 'Direct', ...dm, steps: [step] }, project);
    await active({ name: 'New', trigger: { trigger: 'new-release', config: {} }, steps: [step] }, project);
    const answer = { step: 'send-instagram-dm', config: { text: 'hi' } };
    await active({ ...plainFlow('ANSWER'), steps: [answer] }, project);
    await active(plainFlow('SHORT'), project);
    await active(plainFlow('LATER'), project);
    await changePlan({ db: api.db, clock }, project.accountId, 'basic', 'system');
    expect(await statesIn(project)).toEqual({
      'Plain LONG': 'plan_steps',
      Direct: 'plan_instagram',
      New: 'plan_new_release',
      'Plain ANSWER': 'plan_instagram',
      'Plain SHORT': 'active',
      'Plain LATER': 'plan_active',
    });
    // Said on the flow before anybody turns it on.
    const { items } = (await project.get('/flows?q=LONG')).body as unknown as {
      items: { id: string; problems: object[] }[];
    };
    expect(items[0]?.problems).toContainEqual({
      severity: 'error',
      path: 'steps.1',
      code: 'plan_limit',
      message: 'The plan Basic allows 1 step in a flow.',
    });
    expect((await project.post(`/flows/${items[0]?.id}/activate`)).body).toMatchObject({
      code: 'plan_limit',
      rule: 'R6',
    });
  });

  test('A7 by hand paused stays by hand paused', async () => {
    const project = await api.addProject();
    const [first, second] = [await active(plainFlow('P1'), project), await active(plainFlow('P2'), project)];
    await project.post(`/flows/${first}/pause`);
    await changePlan({ db: api.db, clock }, project.accountId, 'basic', 'system');
    expect(await statesIn(project)).toEqual({ 'Plain P1': 'paused', 'Plain P2': 'active' });
    expect((await project.get(`/flows/${second}`)).body['pauseReason']).toBeNull();
  });
});

describe('R5 R15 at the same time', () => {
  test('R5 of two flows activated at once on Basic, one starts and one is refused', async () => {
    const basic = await api.addProject({ plan: 'basic' });
    for (let round = 0; round < 5; round++) {
      const flows = await Promise.all(['X', 'Y'].map((word) => add(plainFlow(`${word}${round}`), basic)));
      const answers = await Promise.all(flows.map(({ id }) => basic.post(`/flows/${id}/activate`)));
      expect(statusesOf(answers)).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: 'plan_limit',
        rule: 'R5',
      });
      await Promise.all(flows.map(({ id }) => basic.del(`/flows/${id}`)));
    }
  });

  test('A7 R5 a plan that changes while flows start leaves no more active than it allows', async () => {
    const project = await api.addProject();
    const flows = await Promise.all(Array.from({ length: 12 }, (_, n) => add(plainFlow(`W${n}`), project)));
    const half = flows.length / 2;
    const start = ({ id }: { id: string }) => project.post(`/flows/${id}/activate`);
    const early = Promise.all(flows.slice(0, half).map(start));
    const change = changePlan({ db: api.db, clock }, project.accountId, 'pro', 'system');
    const late = Promise.all(flows.slice(half).map(start));
    const [first, second] = [await early, await late];
    await change;
    const refused = [...first, ...second].filter(({ status }) => status !== 200);
    expect(refused.filter(({ body }) => body['code'] !== 'plan_limit' || body['rule'] !== 'R5')).toEqual([]);
    // Whoever came first had the room.
    expect(await activeIn(project)).toBe(5);
  });
});
