import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId, newIdAt } from '#lib/ids.ts';
import { plainFlow, startFlows } from './testing.ts';
import { watchStorms } from './watch-storms.ts';

const { api, add } = await startFlows();
const clock = { now: () => new Date() };
const watch = () => watchStorms(api.db, clock, clock);

async function activeFlow(keyword: string) {
  const project = await api.addProject();
  const { id } = await add(plainFlow(keyword), project);
  expect((await project.post(`/flows/${id}/activate`)).status).toBe(200);
  const { projectId } = project;
  return {
    flowId: id,
    state: async () => {
      const { body } = await project.get(`/flows/${id}`);
      return [body['state'], body['pauseReason']];
    },
    needs: async () => (await project.get('/home')).body['needs']['pausedFlows'],
    start: () => project.post(`/flows/${id}/activate`),
    /** Runs of a day in the past, as the daily sums have them. */
    usual: (runs: number, daysAgo = 1) =>
      sql`insert into rollup (project_id, day, flow_id, position, service, status, reason, count)
          values (${projectId}, current_date - ${daysAgo}::int, ${id}, 0, '', 'started', '', ${runs})`.execute(
        api.db,
      ),
    runs: (count: number, minutesAgo = 0) => {
      const at = new Date(Date.now() - minutesAgo * 60_000);
      const ids = Array.from({ length: count }, () => newIdAt(at));
      return sql`
        insert into run (project_id, id, flow_id, flow_version_id, fan_id, event_id, started_at)
        select ${projectId}, id, ${id}, ${newId()}, ${newId()}, ${newId()}, ${at}
          from unnest(${ids}::uuid[]) id`.execute(api.db);
    },
    pauses: async () => {
      const { rows } = await sql<{ after: { reason: string } }>`
        select after from audit_entry where project_id = ${projectId} and action = 'flow.paused'`.execute(
        api.db,
      );
      return rows.map(({ after }) => after.reason);
    },
  };
}

test('a flow that runs twenty times as often as on its busiest day pauses once, says why, and goes on when it is started', async () => {
  const flow = await activeFlow('STORM');
  // 50 in ten minutes on the busiest day of the four weeks; what is older is forgotten.
  await flow.usual(7_200, 3);
  await flow.usual(60, 1);
  await flow.usual(9_000_000, 40);
  await flow.runs(999);
  await flow.runs(5_000, 12);
  await watch();
  expect(await flow.state()).toEqual(['active', null]);
  await flow.runs(1);
  await Promise.all([watch(), watch()]);
  expect(await flow.state()).toEqual(['paused', 'storm']);
  expect(await flow.pauses()).toEqual(['storm']);
  expect(await flow.needs()).toEqual([{ id: flow.flowId, name: 'Plain STORM', reason: 'storm' }]);
  // Whoever starts it has seen it.
  expect((await flow.start()).status).toBe(200);
  await flow.runs(2_000);
  await watch();
  expect(await flow.state()).toEqual(['active', null]);
});

test('a quiet flow may have a busy hour, and a new one has nothing usual yet', async () => {
  const quiet = await activeFlow('QUIET');
  await quiet.usual(3);
  await quiet.runs(499);
  const fresh = await activeFlow('FRESH');
  await fresh.runs(5_000);
  await watch();
  expect(await quiet.state()).toEqual(['active', null]);
  expect(await fresh.state()).toEqual(['active', null]);
  await quiet.runs(1);
  await watch();
  expect(await quiet.state()).toEqual(['paused', 'storm']);
});
