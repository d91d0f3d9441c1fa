import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startApi, type TestProject } from '#http/testing.ts';
import { newId } from '#lib/ids.ts';
import { pruneEvidence } from './evidence.ts';
import { keepRetention } from './retention.ts';

const api = await startApi();
const phone = '+16195550177';

async function addFan(project: TestProject, grantedAt = '2026-01-02T03:04:05Z'): Promise<string> {
  const fanId = newId();
  await sql`insert into fan (project_id, id, name, created_at)
            values (${project.projectId}, ${fanId}, 'Maya', now())`.execute(api.db);
  await sql`insert into address (project_id, channel, value, fan_id, created_at)
            values (${project.projectId}, 'sms', ${phone}, ${fanId}, now())`.execute(api.db);
  await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                                 granted_at, active_at)
            values (${project.projectId}, ${newId()}, ${fanId}, 'sms', ${phone}, 'I agree', 'v7', 'web',
                    '{"networkAddress": "198.51.100.7", "userAgent": "Phone", "pageUrl": "https://x.example"}',
                    ${grantedAt}, ${grantedAt})`.execute(api.db);
  return fanId;
}

test('R89 who may not export or erase is refused, and nothing happens; R88 a fan of another project does not exist', async () => {
  const project = await api.addProject();
  const other = await api.addProject();
  const fanId = await addFan(project);
  const confirm = { confirm: 'ERASE' };
  const viewer = await api.addPerson(project, 'viewer');
  const marketer = await api.addPerson(project, 'marketer');
  expect((await viewer.post(`/fans/${fanId}/export`)).status).toBe(403);
  expect((await viewer.post(`/fans/${fanId}/erase`, confirm)).status).toBe(403);
  expect((await marketer.post(`/fans/${fanId}/export`)).status).toBe(200);
  expect((await marketer.post(`/fans/${fanId}/erase`, confirm)).status).toBe(403);
  expect((await other.post(`/fans/${fanId}/export`)).status).toBe(404);
  expect((await other.post(`/fans/${fanId}/erase`, confirm)).status).toBe(404);
  const wrong = await project.post(`/fans/${fanId}/erase`, { confirm: 'erase' });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'confirm' }] } });
  expect((await project.get(`/fans/${fanId}`)).status).toBe(200);
  const manager = await api.addPerson(project, 'manager');
  expect((await manager.post(`/fans/${fanId}/erase`, confirm)).status).toBe(204);
  expect((await project.get(`/fans/${fanId}`)).status).toBe(404);
  const { body } = await project.get('/audit?action=fan');
  expect(body['items'].map((one: { action: string }) => one.action)).toEqual(['fan.erased', 'fan.exported']);
});

test('R87 what stays is sealed: the owner reads it with a reason, which the log keeps; it ends after its years', async () => {
  const project = await api.addProject();
  const fanId = await addFan(project);
  await project.post(`/fans/${fanId}/erase`, { confirm: 'ERASE' });
  const owner = await api.addPerson(project, 'owner');
  const manager = await api.addPerson(project, 'manager');
  const asked = { channel: 'sms', address: '+1 (619) 555-0177', reason: 'A letter from her lawyer' };
  expect((await manager.post('/evidence', asked)).status).toBe(403);
  expect((await owner.post('/evidence', { ...asked, reason: 'why' })).status).toBe(422);
  expect(await owner.post('/evidence', asked)).toMatchObject({
    status: 200,
    body: { optedOutAt: null, record: { consents: [{ version: 'v7', method: 'web' }], sent: [] } },
  });
  expect((await owner.post('/evidence', { ...asked, address: '+16195550178' })).status).toBe(404);
  const { body } = await project.get('/audit?action=evidence');
  expect(body['items'][1]).toMatchObject({
    action: 'evidence.read',
    after: { channel: 'sms', reason: asked.reason },
  });
  expect(JSON.stringify(body)).not.toContain('5550177');

  const row = sql`project_id = ${project.projectId}`;
  await sql`update evidence set sealed_until = now() - interval '1 day' where ${row}`.execute(api.db);
  await pruneEvidence(api.db);
  expect((await owner.post('/evidence', asked)).body['record']).toBeNull();
  await sql`update evidence set keep_until = now() - interval '1 day' where ${row}`.execute(api.db);
  await pruneEvidence(api.db);
  expect((await owner.post('/evidence', asked)).status).toBe(404);
});

test('R119 of the living, words and network addresses go after 13 months, or as the project has set; the proof stays', async () => {
  const project = await api.addProject();
  const monthsAgo = (months: number) => new Date(Date.now() - months * 30.5 * 86_400_000).toISOString();
  const fanId = await addFan(project, monthsAgo(14));
  const { projectId } = project;
  const add = async (at: string, payload: string) => {
    const id = newId();
    await sql`insert into intent (project_id, id, work_id, effect, key, payload, state, sent_at)
              values (${projectId}, ${id}, ${newId()}, 'sms.send', ${id}, ${Buffer.from(payload)}, 'done', ${at})`.execute(
      api.db,
    );
    await sql`insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, body, reason, received_at)
              values (${projectId}, ${id}, ${fanId}, 'sms', ${phone}, '+1', ${payload}, 'unmatched', ${at})`.execute(
      api.db,
    );
    return id;
  };
  const ids = [await add(monthsAgo(14), 'old words'), await add(monthsAgo(12), 'words')];
  const kept = async () => {
    const { rows } = await sql<{ sent: string; body: string }>`
      select convert_from(i.payload, 'UTF8') as sent, m.body from intent i
        join inbox_message m on m.project_id = i.project_id and m.id = i.id
       where i.id = any(${ids}) order by i.id`.execute(api.db);
    return rows;
  };
  await keepRetention(api.db);
  expect(await kept()).toEqual([
    { sent: '', body: '' },
    { sent: 'words', body: 'words' },
  ]);
  const { body } = await project.get(`/fans/${fanId}`);
  expect(body['consents'][0]).toMatchObject({ text: 'I agree', source: { pageUrl: 'https://x.example' } });
  expect(Object.keys(body['consents'][0].source)).toEqual(['pageUrl']);
  await sql`update project set body_months = 6 where id = ${projectId}`.execute(api.db);
  await keepRetention(api.db);
  expect((await kept())[1]).toEqual({ sent: '', body: '' });
});
