import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startApi } from '#http/testing.ts';
import { waitForWorkers } from '#engine/control.ts';
import { defaultTiming } from '#engine/timing.ts';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';
import { setSending } from './kill-switch.ts';

const rig = await createMessagingRig();
await rig.startProcess();
const api = await startApi();

test('R112 pressed under load, nothing leaves after the answer, from two processes; moved back, each text leaves once', async () => {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'] });
  const phones = Array.from({ length: 60 }, newPhone);
  const sent = async () => (await stage.fake.texts({ direction: 'in' })).length;
  const texting = phones.map((from) => stage.fake.receiveText({ from, to: stage.number, body: 'presave' }));
  await Promise.all(texting.slice(0, 20));
  await setSending(rig.db, stage.projectId, { isStopped: true, actor: 'test' });
  await waitForWorkers(rig.db, defaultTiming);
  const whenStopped = await sent();
  await Promise.all(texting);
  await stage.settled();
  expect(await sent()).toBe(whenStopped);
  const held = (await stage.outcomes()).filter((line) => line === '1 held: sending_stopped');
  expect(held).toHaveLength(phones.length - whenStopped);

  await setSending(rig.db, stage.projectId, { isStopped: false, actor: 'test' });
  await stage.settled();
  for (const phone of phones) expect(await stage.got(phone)).toHaveLength(1);
});

test('R89 whoever may send may stop it, managers allow it again; a repeat changes nothing', async () => {
  const project = await api.addProject();
  const other = await api.addProject();
  const [marketer, manager] = await Promise.all([
    api.addPerson(project, 'marketer'),
    api.addPerson(project, 'manager'),
  ]);
  expect((await marketer.post('/sending/stop')).body).toEqual({ isStopped: true });
  expect((await marketer.post('/sending/stop')).status).toBe(200);
  expect((await marketer.post('/sending/resume')).status).toBe(403);
  expect((await marketer.get('/sending')).body).toEqual({ isStopped: true });
  expect((await other.get('/sending')).body).toEqual({ isStopped: false });
  expect((await manager.post('/sending/resume')).body).toEqual({ isStopped: false });
  const { rows } = await sql<{ action: string }>`
    select action from audit_entry where project_id = ${project.projectId} and action like 'sending.%'
     order by id`.execute(api.db);
  expect(rows.map(({ action }) => action)).toEqual(['sending.stopped', 'sending.resumed']);
});
