import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startApi } from '#http/testing.ts';
import { newId } from '#lib/ids.ts';
import { serveNames } from '../../../test/name-server.ts';
import { createEmailSenders, warmUpOf } from './email-senders.ts';

const names = await serveNames();
afterAll(() => names.close());
const api = await startApi({ nameServers: [names.server] });
const { db } = api;

type Project = Awaited<ReturnType<typeof api.addProject>>;

async function addSender(project: Project, isLive: boolean, change: Record<string, unknown> = {}) {
  const { id } = await api.connections.createConnection({
    accountId: project.accountId,
    connector: 'resend',
    label: 'Mail',
    isLive,
    settings: { apiKey: 're_0123456789', fromAddress: 'hello@luna.example', ...change },
  });
  await api.connections.lendConnection(project.accountId, id, project.projectId);
  return id;
}

function prove() {
  names.setText('send.luna.example', 'v=spf1 include:amazonses.example ~all');
  names.setText('resend._domainkey.luna.example', 'p=AAAA');
  names.setText('_dmarc.luna.example', 'v=DMARC1; p=none');
}

const flow = {
  name: 'Mail',
  trigger: { trigger: 'keyword', config: { keywords: ['MAIL'] } },
  steps: [{ step: 'send-email', config: { subject: 'Out', body: 'Hi' } }],
};

async function problemsOf(project: Project, body: object = flow): Promise<string[]> {
  const { body: made } = await project.post('/flows', body);
  return made['problems'].map(({ severity, code }: Record<string, string>) => `${severity} ${code}`);
}

beforeEach(() => names.clear());

describe('a sender', () => {
  test('R113 is proven by the DNS when asked, and says which record is missing', async () => {
    const project = await api.addProject({ isLive: true });
    const id = await addSender(project, true);
    const [before] = (await project.get('/email-senders')).body['items'];
    expect(before).toMatchObject({
      address: 'hello@luna.example',
      isVerified: false,
      checks: null,
      dailyLimit: 200,
    });
    const missing = await project.post(`/email-senders/${id}/check`);
    expect(missing.body['checks'].map(({ isOk }: { isOk: boolean }) => isOk)).toEqual([false, false, false]);
    prove();
    const proven = await project.post(`/email-senders/${id}/check`);
    expect(proven.body).toMatchObject({ isVerified: true, checkedAt: expect.any(String) });
  });

  test('R113 another address has to be proven anew', async () => {
    const project = await api.addProject({ isLive: true });
    const id = await addSender(project, true);
    prove();
    await project.post(`/email-senders/${id}/check`);
    const settings = { fromAddress: 'hello@other.example' };
    await api.connections.updateConnection(project.accountId, id, { settings });
    const [sender] = (await project.get('/email-senders')).body['items'];
    expect(sender).toMatchObject({ isVerified: false, checks: null });
    const connection = await api.connections.find(id);
    const standing = await createEmailSenders(db).standing(connection!, new Date());
    expect(standing.isVerified).toBe(false);
  });

  test('R104 of a test project has nothing to prove', async () => {
    const project = await api.addProject();
    const id = await addSender(project, false);
    names.asked.length = 0;
    expect((await project.post(`/email-senders/${id}/check`)).body).toMatchObject({
      isVerified: true,
      checks: null,
    });
    expect(names.asked).toEqual([]);
  });

  test('a DNS that is away is said, and what was known stays', async () => {
    const project = await api.addProject({ isLive: true });
    const id = await addSender(project, true);
    prove();
    await project.post(`/email-senders/${id}/check`);

    names.setSilent(true);
    const answer = await project.post(`/email-senders/${id}/check`);
    names.setSilent(false);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect((await project.get('/email-senders')).body['items'][0].isVerified).toBe(true);
  }, 30_000);

  test('R88 of another project does not exist', async () => {
    const [mine, theirs] = [await api.addProject(), await api.addProject()];
    const id = await addSender(theirs, false);
    expect((await mine.get('/email-senders')).body['items']).toEqual([]);
    for (const door of ['check', 'resume'])
      expect((await mine.post(`/email-senders/${id}/${door}`)).status).toBe(404);
    expect((await mine.put(`/email-senders/${id}`, { warmUpPerDay: null })).status).toBe(404);
    expect((await mine.post(`/email-senders/${newId()}/check`)).status).toBe(404);
  });
});

describe('a flow with a mail', () => {
  test('R113 warns of a sender that is missing, not proven, and of a postal address', async () => {
    const project = await api.addProject({ isLive: true });
    const warnings = async () =>
      (await problemsOf(project)).filter((one) => !one.includes('address_not_public'));
    expect(await warnings()).toContain('warning no_sender');
    await addSender(project, true);
    expect(await warnings()).toEqual(
      expect.arrayContaining(['warning sender_not_ready', 'warning no_postal_address']),
    );
    await project.put(`/projects/${project.projectId}`, { postalAddress: '1 Main St' });
    expect(await warnings()).not.toContain('warning no_postal_address');
  });

  test('R113 its activation asks the DNS', async () => {
    const project = await api.addProject({ isLive: true });
    const id = await addSender(project, true);
    prove();
    const { body: made } = await project.post('/flows', flow);
    await project.post(`/flows/${made['id']}/activate`);
    expect((await project.get('/email-senders')).body['items']).toMatchObject([
      { connectionId: id, isVerified: true },
    ]);
  });

  test('a text cannot be sent over an address', async () => {
    const project = await api.addProject();
    const id = await addSender(project, false);
    const text = { step: 'send-text', config: { body: 'hi', connectionId: id } };
    expect(await problemsOf(project, { ...flow, steps: [text] })).toContain('error wrong_connection');
  });

  test('the editor knows its senders, and shows the mail as each reader gets it', async () => {
    const project = await api.addProject();
    const id = await addSender(project, false);
    await project.put(`/projects/${project.projectId}`, { postalAddress: '1 Main St' });
    expect((await project.get('/flow-facts')).body['emailSenders']).toEqual([
      { connectionId: id, label: 'Mail', value: 'hello@luna.example', isReady: true },
    ]);
    const body =
      '{% if run.again %}Again{% else %}Hi {{ fan.name | default: "you" }}{% endif %}\n\n[Open]({{ links.connect }})';
    const steps = [{ step: 'send-email', config: { subject: 'Hi {{ fan.name | default: "you" }}', body } }];
    const asked = { trigger: flow.trigger, steps, position: 1 };
    const { body: seen } = await project.post('/flow-previews/email', asked);
    expect(seen['problem']).toBeNull();
    expect(
      seen['readings'].map(({ reader, subject }: Record<string, string>) => `${reader}: ${subject}`),
    ).toEqual(['new: Hi you', 'again: Hi Maya']);
    expect(seen['readings'][0].text).toContain('Open: http://127.0.0.1:3000/s/');
    expect(seen['readings'][0].html).toContain('1 Main St');
    const broken = { ...asked, steps: [{ step: 'send-email', config: { subject: '{{ x }}', body: 'hi' } }] };
    expect((await project.post('/flow-previews/email', broken)).body).toMatchObject({
      readings: [],
      problem: expect.stringContaining('x'),
    });
  });
});

test('R113 a new domain warms up: twice as many a day, until it is known', async () => {
  const project = await api.addProject({ isLive: true });
  const id = await addSender(project, true);
  await project.put(`/email-senders/${id}`, { warmUpPerDay: 50 });
  const first = new Date('2031-06-01T00:00:00Z');
  const after = (days: number) => new Date(first.getTime() + days * 86_400_000);
  const limit = (days: number) =>
    warmUpOf({ warmUpPerDay: 50, firstSentAt: first }, after(days))?.count ?? null;
  expect([0, 1, 2, 9, 10].map(limit)).toEqual([50, 100, 200, 25_600, null]);
  expect((await project.get('/email-senders')).body['items'][0]).toMatchObject({
    warmUpPerDay: 50,
    dailyLimit: 50,
  });
  await project.put(`/email-senders/${id}`, { warmUpPerDay: null });
  expect((await project.get('/email-senders')).body['items'][0]).toMatchObject({ dailyLimit: null });
  expect((await project.put(`/email-senders/${id}`, { warmUpPerDay: 0 })).status).toBe(422);
  const { rows } = await sql`select action from audit_entry where subject = ${`connection:${id}`}`.execute(
    db,
  );
  expect(rows).toEqual([{ action: 'sender.edited' }, { action: 'sender.edited' }]);
});

test('R76 a bounced address is written to again on a person’s word; a complaint stays', async () => {
  const [project, other] = [await api.addProject(), await api.addProject()];
  const fanId = newId();
  await sql`insert into fan (project_id, id, created_at) values (${project.projectId}, ${fanId}, now())`.execute(
    db,
  );
  for (const [address, reason] of [
    ['dead@fans.example', 'hard_bounce'],
    ['cross@fans.example', 'complaint'],
  ] as const) {
    await sql`
      insert into address (project_id, channel, value, fan_id, created_at)
      values (${project.projectId}, 'email', ${address}, ${fanId}, now())`.execute(db);
    await sql`
      insert into suppression (project_id, address, reason, at)
      values (${project.projectId}, ${address}, ${reason}, now())`.execute(db);
  }
  const shown = async () =>
    (await project.get(`/fans/${fanId}`)).body['suppressions'].map((one: { address: string }) => one.address);
  expect(await shown()).toEqual(['cross@fans.example', 'dead@fans.example']);
  const lift = (address: string, who = project) => who.post('/email-suppressions/lift', { address });
  expect((await lift('dead@fans.example', other)).status).toBe(404);
  expect((await lift('Dead@Fans.example')).status).toBe(200);
  expect((await lift('dead@fans.example')).status).toBe(404);
  expect(await lift('cross@fans.example')).toMatchObject({ status: 409, body: { rule: 'R76' } });
  expect(await shown()).toEqual(['cross@fans.example']);
});
