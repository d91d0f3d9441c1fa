import { expect, test } from 'vitest';
import { plainFlow, startFlows } from '#flows/testing.ts';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';
import { listBudgets, setBudget } from './budgets.ts';
import { checkLedger } from './check-ledger.ts';
import { watchLimits } from './watch-limits.ts';

const { api, add } = await startFlows();
const rig = await createMessagingRig();
const clock = { now: () => new Date() };
const actor = 'test';

test('R83 a budget is set for the project’s day or a flow’s month, and taken away', async () => {
  const project = await api.addProject();
  const flow = await add(plainFlow('TEXT'), project);
  const put = (body: object) => project.put('/usage/budgets', body);
  const day = { account: 'sms', flowId: null };
  const unused = { used: 0, reserved: 0 };
  const ofDay = { ...day, flowName: null, credits: 50, atLimit: 'stop', ...unused };
  expect((await put({ ...day, budget: { credits: 50 } })).body['items']).toEqual([ofDay]);
  const ofFlow = { account: 'sms', flowId: flow.id };
  const { body } = await put({ ...ofFlow, budget: { credits: 900, atLimit: 'pause' } });
  expect(body['items']).toEqual([
    ofDay,
    { ...ofFlow, flowName: expect.any(String), credits: 900, atLimit: 'pause', ...unused },
  ]);
  for (const wrong of [{}, { credits: -1 }, { credits: 1.5 }, { credits: 5, atLimit: 'go_on' }])
    expect((await put({ ...day, budget: wrong })).status).toBe(422);
  const stranger = await api.addProject();
  expect((await stranger.put('/usage/budgets', { ...ofFlow, budget: { credits: 1 } })).status).toBe(404);
  expect((await stranger.get('/usage/budgets')).body['items']).toEqual([]);
  await put({ ...day, budget: null });
  expect((await put({ ...ofFlow, budget: null })).body['items']).toEqual([]);
});

test('R83 R84 budgets set while texts go out are never exceeded, the smallest counts, and the ledger fits', async () => {
  const stage = await rig.stage();
  const { flowId } = await stage.flow({ keywords: ['PRESAVE'] });
  const text = (from: string) => stage.fake.receiveText({ from, to: stage.number, body: 'presave' });
  const set = (of: string | null, credits: number) =>
    setBudget(
      rig.db,
      stage.projectId,
      { account: 'sms', flowId: of },
      { credits, atLimit: 'stop' },
      { now: stage.now(), actor },
    );
  const phones = Array.from({ length: 60 }, newPhone);
  // One is set when some are on their way, the other before: they contradict, and both hold.
  await set(null, 30);
  await Promise.all([...phones.slice(0, 20).map(text), set(flowId, 25), ...phones.slice(20).map(text)]);
  await stage.settled();
  const outcomes = await stage.outcomes();
  expect(outcomes.filter((line) => line === '1 done')).toHaveLength(25);
  expect(outcomes.filter((line) => line === '1 skipped: budget')).toHaveLength(35);
  expect(await checkLedger(rig.db)).toEqual([]);

  // Set again it knows what was used before; a higher one lets the next text go.
  await setBudget(rig.db, stage.projectId, { account: 'sms', flowId }, null, {
    now: stage.now(),
    actor,
  });
  await set(flowId, 26);
  await text(newPhone());
  await text(newPhone());
  await stage.settled();
  expect((await stage.outcomes()).filter((line) => line === '1 done')).toHaveLength(26);
  expect(await checkLedger(rig.db)).toEqual([]);
});

test('R85 R112 a STOP is answered when the day’s budget is used up, costs no credits, and counts in the day', async () => {
  const stage = await rig.stage({ optOutHandling: 'segue' });
  await stage.flow({ keywords: ['PRESAVE'] });
  await setBudget(
    rig.db,
    stage.projectId,
    { account: 'sms', flowId: null },
    { credits: 1, atLimit: 'stop' },
    { now: stage.now(), actor },
  );
  const from = newPhone();
  for (const body of ['presave', 'stop']) {
    await stage.fake.receiveText({ from, to: stage.number, body });
    await stage.settled();
  }
  expect(await stage.fake.texts({ number: from, direction: 'in' })).toHaveLength(2);
  expect(await listBudgets(rig.db, stage.projectId, stage.now())).toEqual([
    expect.objectContaining({ credits: 1, used: 2, reserved: 0 }),
  ]);
  expect(await checkLedger(rig.db)).toEqual([]);
});

test('R83 where the project chose it, a flow pauses when its budget is used up, and says so once', async () => {
  const project = await api.addProject();
  const [mine, other] = [await add(plainFlow('ONE'), project), await add(plainFlow('TWO'), project)];
  for (const { id } of [mine, other]) expect((await project.post(`/flows/${id}/activate`)).status).toBe(200);
  const budget = { credits: 0, atLimit: 'pause' };
  await project.put('/usage/budgets', { account: 'sms', flowId: mine.id, budget });
  for (let at = 0; at < 2; at++) await watchLimits(api.db, clock);
  const stateOf = async (id: string) => {
    const { state, pauseReason } = (await project.get(`/flows/${id}`)).body;
    return [state, pauseReason];
  };
  expect(await stateOf(mine.id)).toEqual(['paused', 'budget']);
  expect(await stateOf(other.id)).toEqual(['active', null]);
  const { body } = await project.get('/audit?limit=50');
  const actions = (body['items'] as { action: string }[]).map(({ action }) => action);
  expect(actions.filter((one) => one === 'credits.budget_reached')).toHaveLength(1);
});
