import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import type { Connection } from '#connections/connections.ts';
import { setStage } from '#connectors/telnyx/testing.ts';
import { addNumber, startApi } from '#http/testing.ts';
import type { Caller } from '#lib/route.ts';
import { newId } from '#lib/ids.ts';
import { enterOptInWords } from './opt-in-words.ts';

const api = await startApi();
const carrier = await setStage();
afterAll(() => carrier.close());

/** A project with flows that keywords start: two on, one of them for another connection, and one off. */
async function projectWithFlows(otherId: string) {
  const project = await api.addProject();
  const add = async (name: string, keywords: string[], isOn: boolean, connectionId?: string) => {
    const { body } = await project.post('/flows', {
      name,
      trigger: { trigger: 'keyword', config: { keywords, ...(connectionId && { connectionId }) } },
      steps: [{ step: 'send-text', config: { body: 'Hello' } }],
    });
    if (isOn)
      await sql`update flow set state = 'active', active_version = 1 where id = ${body['id']}`.execute(
        api.db,
      );
  };
  await add('On', ['presave', 'TOUR'], true);
  await add('Off', ['LATER'], false);
  await add('Elsewhere', ['ELSEWHERE'], true, otherId);
  return project;
}

const entered = () => carrier.fake.receiveText({ from: '+12125550177', to: '+16195550100', body: 'tour' });

test('R98 keywords of flows that are on, over this connection, are entered at the provider and then lift its block', async () => {
  const project = await projectWithFlows(newId());
  const id = newId();
  // As: all that the door looks at.
  const lent = { projectIds: [project.projectId], sms: carrier.client } as unknown as Connection;
  const deps = { db: api.db, connections: { findFresh: async () => lent } };
  const caller = { projectId: project.projectId, actor: 'person:1' } as Caller; // likewise
  for (let i = 0; i < 2; i += 1)
    expect((await enterOptInWords(deps, caller, id)).toSorted()).toEqual(['PRESAVE', 'TOUR']);
  await entered();
  expect(carrier.received.at(-1)).toMatchObject({ kind: 'text', text: { body: 'tour', optOut: 'start' } });
  const { rows } = await sql`
    select action from audit_entry where project_id = ${project.projectId} and action = 'connection.words_entered'`.execute(
    api.db,
  );
  expect(rows).toHaveLength(2);
});

test('a provider that takes them by hand, and a connection that is not lent, are said', async () => {
  const project = await projectWithFlows(newId());
  const id = await addNumber(api, project);
  const byHand = await project.post(`/connections/${id}/opt-in-words`);
  expect([byHand.status, byHand.body['detail']]).toEqual([422, expect.stringContaining('entered by hand')]);
  expect((await project.get(`/connections/${id}`)).body['takesOptInWords']).toBe(false);
  expect((await project.post(`/connections/${newId()}/opt-in-words`)).status).toBe(404);
});
