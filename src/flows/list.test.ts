import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { plainFlow, startFlows } from './testing.ts';

const { api, project, other, add, keywordFlow } = await startFlows();

describe('a copy of a flow', () => {
  test('is a draft with the same trigger and steps, under a name of its own, and noted in the log', async () => {
    const { id } = await add(keywordFlow('COPIED'));
    await project.post(`/flows/${id}/activate`);
    const { status, body } = await project.post(`/flows/${id}/duplicate`);
    const original = (await project.get(`/flows/${id}`)).body;
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'Flow COPIED (copy)',
      state: 'draft',
      version: 1,
      activeVersion: null,
      trigger: original['trigger'],
      steps: original['steps'],
      reentry: original['reentry'],
    });
    const { rows } = await sql`select 1 from audit_entry where action = 'flow.created'
      and subject = ${`flow:${body['id']}`}`.execute(api.db);
    expect(rows).toHaveLength(1);
    // R14: the copy cannot take the keyword while the original has it.
    const conflict = await project.post(`/flows/${body['id']}/activate`);
    expect([conflict.status, conflict.body['conflict'].flowId]).toEqual([409, id]);
  });

  test('R88 of a flow that another project has is a 404; a long name is cut to fit', async () => {
    const { id } = await add({ ...plainFlow('LONGNAME'), name: 'x'.repeat(120) });
    expect((await other.post(`/flows/${id}/duplicate`)).status).toBe(404);
    const { body } = await project.post(`/flows/${id}/duplicate`);
    expect(body['name']).toBe(`${'x'.repeat(113)} (copy)`);
  });
});

test('flows are found by part of a name or of a keyword', async () => {
  const [first, second] = [
    await add({ ...plainFlow('NIGHTFALL'), name: 'Tour 100%' }),
    await add({ ...plainFlow('DAYBREAK'), name: 'Album' }),
  ];
  const found = async (q: string) =>
    ((await project.get(`/flows?q=${encodeURIComponent(q)}`)).body['items'] as { id: string }[]).map(
      ({ id }) => id,
    );
  expect(await found('tour')).toEqual([first.id]);
  expect(await found('nightf')).toEqual([first.id]);
  expect(await found('break')).toEqual([second.id]);
  expect(await found('0%')).toEqual([first.id]);
  expect(await found('100_')).toEqual([]);
});
