import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { type FanFacts, readFacts } from '#fans/facts.ts';
import { pauseFlow } from '#flows/pause-flow.ts';
import { viewFlow } from '#flows/view.ts';
import { getRelease } from '#releases/releases.ts';
import { createKeyReader } from '#accounts/read-key.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { phoneKinds } from '../contract.ts';
import { ensureDemo } from './ensure-demo.ts';
import { demoPhones } from './facts.ts';
import { findDemo, noteDemo } from './store.ts';
import { createDemoProcess } from './testing.ts';

const { db } = await createTestDatabase();
const dayMs = 24 * 3_600_000;

const createProcess = (options?: { publicUrl: string }) => createDemoProcess(db, options);

function start(apiKey: string | null = null) {
  return ensureDemo({ ...createProcess().deps, apiKey });
}

/** Without what an earlier call remembers. */
function callerOf(key: string) {
  return createKeyReader(db)(key);
}

it('two first starts at once make one demo, and later starts find it', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(two).toEqual(one);
  expect(await start()).toEqual(one);
  const { rows } = await sql`
    select (select count(*) from account)::int as accounts, (select count(*) from project)::int as projects,
           (select count(*) from connection)::int as connections, (select count(*) from flow)::int as flows,
           (select count(*) from fan)::int as fans, (select count(*) from release)::int as releases,
           (select count(*) from api_key where revoked_at is null)::int as keys`.execute(db);
  expect(rows).toEqual([
    { accounts: 1, projects: 1, connections: 3, flows: 1, fans: 2, releases: 1, keys: 1 },
  ]);
  const { accountId, apiKey } = one;
  expect(one).toMatchObject((await findDemo(db)) ?? { isThere: true });
  const caller = await callerOf(apiKey);
  expect(caller).toMatchObject({ accountId, projectId: one.projectId });
});

it('the flow is active without a problem, its release eleven days away', async () => {
  const { projectId, flowId, releaseId } = await start();
  const { flows } = createProcess();
  const flow = await viewFlow(flows, projectId, flowId);
  expect(flow).toMatchObject({ state: 'active', problems: [], trigger: { config: { mode: 'consent' } } });
  expect(flow.steps.map((step) => step.step)).toEqual([
    'presave',
    'follow-artist',
    'add-to-segment',
    'send-text',
  ]);
  const { releaseAt } = await getRelease(db, projectId, releaseId);
  const daysAway = (releaseAt.getTime() - Date.now()) / dayMs;
  // Midnight of that day; an hour more where the clocks change on the way.
  expect(daysAway).toBeGreaterThan(9.9);
  expect(daysAway).toBeLessThan(11.05);
});

it('knows two fans, one linked and one whose link ran out, and not the third', async () => {
  const { projectId, phones, releaseId, artistId } = await start();
  expect(phones.map((phone) => phone.who)).toEqual(phoneKinds);
  const { rows } = await sql<{ fan_id: string; value: string }>`
    select fan_id, value from address
     where project_id = ${projectId} and channel = 'sms' order by value`.execute(db);
  expect(rows.map((row) => row.value)).toEqual([demoPhones[2].number, demoPhones[1].number]);
  const now = new Date();
  const facts = await readFacts(
    db,
    projectId,
    rows.map((row) => row.fan_id),
    [],
    now,
  );
  const phoneOf = ({ addresses }: FanFacts) => addresses.find(({ channel }) => channel === 'sms')?.value;
  const byPhone = new Map([...facts.values()].map((one) => [phoneOf(one), one]));
  for (const one of byPhone.values()) {
    expect(one.consents.toSorted((a, b) => (a.channel < b.channel ? 1 : -1))).toMatchObject([
      { channel: 'sms', perMonth: 4, method: 'keyword', activeAt: expect.any(Date) },
      { channel: 'email', perMonth: null, method: 'web', activeAt: expect.any(Date) },
    ]);
    expect(one.messages).toMatchObject([{ hasOptOutWording: true }]);
    expect(one.purposes).toHaveLength(2);
    expect(one.purposes.map((purpose) => purpose.targetId)).toEqual(
      expect.arrayContaining([releaseId, artistId]),
    );
  }
  const connected = byPhone.get(demoPhones[1].number)?.grants[0];
  expect(connected?.state).toBe('live');
  expect(connected?.diesAt?.getTime()).toBeGreaterThan(now.getTime() + 100 * dayMs);
  const ranOut = byPhone.get(demoPhones[2].number)?.grants[0];
  expect(ranOut?.state).toBe('expired');
  expect(ranOut?.diesAt?.getTime()).toBeLessThan(now.getTime());
});

it('a given key is the demo key from that start on, and the one before ends', async () => {
  const before = await start();
  const given = 'a-key-of-thirty-two-characters-at-least';
  expect((await start(given)).apiKey).toBe(given);
  expect(await callerOf(given)).toMatchObject({ projectId: before.projectId });
  expect(await callerOf(before.apiKey)).toBeNull();
  // Left out again: the generated one is back, and the given one ends.
  expect((await start()).apiKey).toBe(before.apiKey);
  expect(await callerOf(before.apiKey)).not.toBeNull();
  expect(await callerOf(given)).toBeNull();
});

it('leaves what a person changed as it is: a paused flow stays paused', async () => {
  const { projectId, flowId } = await start();
  const { flows } = createProcess();
  await pauseFlow(flows, projectId, flowId, 'hold', { actor: 'test' });
  await start();
  expect((await viewFlow(flows, projectId, flowId)).state).toBe('paused');
});

it('makes what a start that was cut short left out', async () => {
  const { projectId, segmentId, flowId } = await start();
  await sql`update sandbox.demo set facts = facts - 'segmentId'`.execute(db);
  await sql`delete from segment where id = ${segmentId}`.execute(db);
  expect(await findDemo(db)).toBeUndefined();
  const again = await start();
  expect([again.projectId, again.flowId]).toEqual([projectId, flowId]);
  expect(again.segmentId).not.toBe(segmentId);
  // As it was, for whatever test comes next.
  await noteDemo(db, { segmentId: again.segmentId });
});

it('texts to the number go to wherever Segue is now', async () => {
  const moved = createProcess({ publicUrl: 'https://segue.example' });
  const { number, projectId } = await start();
  await ensureDemo({ ...moved.deps, apiKey: null });
  const [carrier] = await moved.fakes.ofProject(projectId);
  expect(carrier?.connector).toBe('twilio');
  const fake = await moved.fakes.open('twilio', carrier!.connectionId);
  await fake.receiveText({ from: '+13035550142', to: number, body: 'presave' });
  expect(moved.delivered).toEqual([`https://segue.example/webhooks/twilio/${carrier!.connectionId}`]);
});
