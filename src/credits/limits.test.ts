import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { plainFlow, startFlows } from '#flows/testing.ts';
import type { TestProject } from '#http/testing.ts';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';
import { checkLedger } from './check-ledger.ts';
import { setLimit } from './limits.ts';
import { watchLimits } from './watch-limits.ts';

const { api, add } = await startFlows();
const rig = await createMessagingRig();
const clock = { now: () => new Date() };
const unused = { used: 0, reserved: 0 };

const use = (project: TestProject, credits: number) =>
  sql`update credit_balance set used = ${credits}
       where project_id = ${project.projectId} and account = 'sms'`.execute(api.db);

async function toldTimes({ projectId }: TestProject): Promise<number> {
  const { rows } = await sql`
    select 1 from audit_entry where project_id = ${projectId} and action = 'credits.limit_reached'`.execute(
    api.db,
  );
  return rows.length;
}

test('R83 a limit is set a month and kind, with what goes beyond; none is null', async () => {
  const project = await api.addProject();
  const set = (limit: object) => project.put('/usage/limits/sms', limit);
  expect((await set({ allowance: 100 })).body).toEqual({
    ...unused,
    allowance: 100,
    limit: { allowance: 100, atLimit: 'stop', overage: null },
  });
  expect((await set({ allowance: 100, atLimit: 'go_on', overage: 50 })).body['allowance']).toBe(150);
  expect((await set({ allowance: 100, atLimit: 'go_on' })).body['allowance']).toBe(null);
  expect((await set({ allowance: null })).body['allowance']).toBe(null);
  expect((await set({ allowance: 0 })).body['allowance']).toBe(0);
  for (const wrong of [{}, { allowance: -1 }, { allowance: 1.5 }, { allowance: 10, atLimit: 'beg' }])
    expect((await set(wrong)).status).toBe(422);
  expect((await project.get('/usage')).body['email']['limit']['allowance']).toBe(null);
});

test('R83 that an allowance is used up is said once a month, and again when it was raised', async () => {
  const project = await api.addProject();
  await project.put('/usage/limits/sms', { allowance: 10 });
  await watchLimits(api.db, clock);
  expect(await toldTimes(project)).toBe(0);
  await use(project, 10);
  await Promise.all([watchLimits(api.db, clock), watchLimits(api.db, clock)]);
  await watchLimits(api.db, clock);
  expect(await toldTimes(project)).toBe(1);
  await project.put('/usage/limits/sms', { allowance: 20 });
  await use(project, 20);
  await watchLimits(api.db, clock);
  expect(await toldTimes(project)).toBe(2);
});

test('R83 where the project chose it, the flows that send pause, with the reason, and no others', async () => {
  const project = await api.addProject();
  const segment = await project.post('/segments', { name: 'New fans' });
  const steps = [{ step: 'add-to-segment', config: { segmentId: segment.body['id'] } }];
  const sending = await add(plainFlow('TEXT'), project);
  const quiet = await add({ ...plainFlow('QUIET'), steps }, project);
  for (const { id } of [sending, quiet])
    expect((await project.post(`/flows/${id}/activate`)).status).toBe(200);
  await project.put('/usage/limits/sms', { allowance: 5, atLimit: 'pause' });
  await use(project, 5);
  await watchLimits(api.db, clock);
  const stateOf = async (id: string) => {
    const { state, pauseReason } = (await project.get(`/flows/${id}`)).body;
    return [state, pauseReason];
  };
  expect(await stateOf(sending.id)).toEqual(['paused', 'allowance']);
  expect(await stateOf(quiet.id)).toEqual(['active', null]);
  expect((await project.post(`/flows/${sending.id}/activate`)).status).toBe(200);
});

test('R83 R84 forty texts at once never use one credit more than allowed, and the ledger fits', async () => {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'] });
  const limit = { allowance: 12, atLimit: 'go_on', overage: 3 } as const;
  await setLimit(rig.db, stage.projectId, 'sms', limit, { now: stage.now(), actor: 'test' });
  const phones = Array.from({ length: 40 }, newPhone);
  await Promise.all(
    phones.map((from) => stage.fake.receiveText({ from, to: stage.number, body: 'presave' })),
  );
  await stage.settled();
  const outcomes = await stage.outcomes();
  expect(outcomes.filter((line) => line === '1 done')).toHaveLength(15);
  expect(outcomes.filter((line) => line === '1 skipped: budget')).toHaveLength(25);
  expect(await checkLedger(rig.db)).toEqual([]);
  await sql`update credit_balance set used = used + 1 where project_id = ${stage.projectId}`.execute(rig.db);
  expect(await checkLedger(rig.db)).toEqual([expect.objectContaining({ used: 16, charged: 15, open: 0 })]);
});
