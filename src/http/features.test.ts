import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { call, CallError } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';
import { createArtist } from '#releases/contract.ts';
import { addNumber, startApi, type TestProject } from './testing.ts';

const api = await startApi();
let project: TestProject;
let other: TestProject;
beforeAll(async () => {
  project = await api.addProject();
  other = await api.addProject();
});

const preview = async (text: string, more: object = {}) =>
  (await project.post('/messages/preview', { channel: 'sms', text, ...more })).body;

const options = (key: string) => ({
  headers: { authorization: `Bearer ${key}` },
  fetch: async (url: string, init: RequestInit) => api.app.request(url, init),
});

describe('messages/preview', () => {
  test('R82 counts parts as carriers do', async () => {
    expect(await preview('a'.repeat(160))).toEqual({
      parts: 1,
      encoding: 'GSM-7',
      characters: 160,
      units: 160,
      credits: 1,
      lighter: null,
    });
    expect(await preview('a'.repeat(161))).toMatchObject({ parts: 2, credits: 2 });
    expect(await preview('[')).toMatchObject({ units: 2, characters: 1 });
    expect(await preview('🎵'.repeat(67))).toMatchObject({
      parts: 3,
      encoding: 'UCS-2',
      characters: 67,
      units: 134,
    });
    expect(await preview('')).toMatchObject({ parts: 0, credits: 0 });
    expect(await preview('\ud83d\u0000')).toMatchObject({ parts: 1, encoding: 'UCS-2' });
  });

  test('R124 counts the programme name too where asked', async () => {
    expect(await preview('a'.repeat(160), { withProgramme: true })).toMatchObject({ parts: 2 });
  });

  test('other channels and longer texts are 422', async () => {
    expect(await preview('x', { channel: 'fax' })).toMatchObject({ status: 422 });
    expect(await preview('x'.repeat(10_001))).toMatchObject({ status: 422 });
  });
});

describe('usage', () => {
  test('R79 is this month’s, and an allowance is taken over from the month before', async () => {
    const month = new Date().toISOString().slice(0, 7);
    expect((await project.get('/usage')).body).toEqual({
      periodStart: `${month}-01T00:00:00.000Z`,
      periodEnd: expect.stringMatching(/-01T00:00:00.000Z$/),
      sms: {
        used: 0,
        reserved: 0,
        allowance: null,
        limit: { allowance: null, atLimit: 'stop', overage: null },
      },
      email: {
        used: 0,
        reserved: 0,
        allowance: null,
        limit: { allowance: null, atLimit: 'stop', overage: null },
      },
    });
    await sql`insert into credit_balance (project_id, account, period, used, reserved, allowance)
              values (${project.projectId}, 'sms', '2020-01', 9, 0, 100),
                     (${project.projectId}, 'email', ${month}, 3, 1, null),
                     (${other.projectId}, 'sms', ${month}, 99, 9, 1000)`.execute(api.db);
    expect((await project.get('/usage')).body).toMatchObject({
      sms: { used: 0, reserved: 0, allowance: 100 },
      email: { used: 3, reserved: 1, allowance: null },
    });
  });
});

describe('artists and releases', () => {
  test('are made from pasted links, changed and listed', async () => {
    const artist = await project.post('/artists', { name: 'Luna Vale' });
    expect(artist).toMatchObject({ status: 201, body: { name: 'Luna Vale', services: [] } });
    const artistId = artist.body['id'];
    const made = await project.post('/releases', {
      title: 'Nightglass',
      artistId,
      kind: 'album',
      releaseAt: '2027-06-12T00:00:00Z',
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      title: 'Nightglass',
      artistId,
      releaseAt: '2027-06-12T00:00:00.000Z',
      releaseMode: 'global',
      upc: null,
      services: [],
    });
    const id = made.body['id'];
    const moved = await project.put(`/releases/${id}`, { releaseAt: '2027-07-01T00:00:00Z' });
    expect(moved.body).toMatchObject({ title: 'Nightglass', releaseAt: '2027-07-01T00:00:00.000Z' });
    expect((await project.get('/releases?limit=1')).body['items']).toMatchObject([{ id }]);
    expect((await project.post(`/releases/${id}/cancel`)).body['cancelledAt']).toMatch(/Z$/);
    for (const path of [`/artists/${artistId}`, `/releases/${id}`])
      expect((await other.get(path)).status).toBe(404);
    const stolen = { title: 'X', artistId, kind: 'album', releaseAt: '2027-06-12T00:00:00Z' };
    expect((await other.post('/releases', stolen)).status).toBe(422);
    expect((await project.post('/releases', { ...stolen, kind: 'tape' })).status).toBe(422);
    expect((await project.post('/releases', { ...stolen, releaseAt: 'soon' })).status).toBe(422);
  });

  test('pages go on behind the cursor', async () => {
    const own = await api.addProject();
    for (const name of ['a', 'b', 'c']) await own.post('/artists', { name });
    const first = (await own.get('/artists?limit=2')).body;
    const second = (await own.get(`/artists?limit=2&cursor=${first['nextCursor']}`)).body;
    const names = [...first['items'], ...second['items']].map((one: { name: string }) => one.name);
    expect(names).toEqual(['c', 'b', 'a']);
  });
});

describe('connections', () => {
  test('are shown without a secret, to the projects they are lent to', async () => {
    const id = await addNumber(api, project);
    const { body } = await project.get(`/connections/${id}`);
    expect(body).toEqual({
      id,
      connector: 'twilio',
      label: 'Number',
      state: 'ready',
      senders: [expect.objectContaining({ value: '+16195550100' })],
      webhookUrl: `http://127.0.0.1:3000/webhooks/twilio/${id}`,
      optOutHandling: expect.stringMatching(/provider|segue/),
      canSignIn: false,
      takesOptInWords: false,
      credential: null,
      lastSuccessAt: null,
      lastWebhookAt: null,
      canBeTested: true,
      lastError: null,
      settings: {
        accountSid: `AC${'0'.repeat(32)}`,
        numbers: [{ number: '+16195550100', type: 'long-code' }],
        optOutHandling: 'provider',
      },
      secretsSet: ['authToken'],
    });
    expect((await project.get('/connections')).body['items']).toEqual([body]);
    expect((await other.get('/connections')).body['items']).toEqual([]);
    for (const path of ['', '/disable', '/enable']) {
      const door = path === '' ? other.get : other.post;
      expect((await door(`/connections/${id}${path}`)).status).toBe(404);
    }
    // The same account, but not lent to it.
    const sibling = await api.addProject({ accountId: project.accountId });
    expect((await sibling.get(`/connections/${id}`)).status).toBe(404);
    expect((await sibling.put(`/connections/${id}`, { label: 'Mine' })).status).toBe(404);
  });

  test('R117 are lent to other projects of the account by who manages it, and taken back', async () => {
    const id = await addNumber(api, project, '+16195550177');
    const sibling = await api.addProject({ accountId: project.accountId });
    const live = await api.addProject({ accountId: project.accountId, isLive: true });
    const owner = await api.addPerson(project, 'owner');
    const lent = async () =>
      new Map(
        (await owner.get(`/connections/${id}/projects`)).body['items'].map(
          (one: { projectId: string; isLent: boolean }) => [one.projectId, one.isLent],
        ),
      );
    expect((await lent()).get(sibling.projectId)).toBe(false);
    expect((await lent()).has(live.projectId)).toBe(false);
    const loan = (projectId: string) => `/connections/${id}/projects/${projectId}`;
    for (let i = 0; i < 2; i += 1) expect((await owner.put(loan(sibling.projectId), {})).status).toBe(200);
    expect((await lent()).get(sibling.projectId)).toBe(true);
    expect((await sibling.get(`/connections/${id}`)).status).toBe(200);
    expect((await owner.put(loan(live.projectId), {})).status).toBe(422);
    expect((await owner.put(loan(other.projectId), {})).status).toBe(422);
    expect((await owner.call('DELETE', loan(project.projectId))).status).toBe(422);
    expect((await owner.call('DELETE', loan(sibling.projectId))).status).toBe(200);
    expect((await sibling.get(`/connections/${id}`)).status).toBe(404);
    // A key is one project's.
    expect((await project.put(loan(sibling.projectId), {})).status).toBe(403);
  });

  test('are made, changed and switched off; wrong settings are 422 without their values', async () => {
    const settings = {
      accountSid: `AC${'1'.repeat(32)}`,
      authToken: 'e'.repeat(32),
      numbers: [{ number: '+16195550122', type: 'long-code' }],
    };
    const made = await project.post('/connections', { connector: 'twilio', label: 'Second', settings });
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).not.toContain(settings.authToken);
    const id = made.body['id'];
    expect((await project.put(`/connections/${id}`, { label: 'Renamed' })).body).toMatchObject({
      label: 'Renamed',
    });
    expect((await project.post(`/connections/${id}/disable`)).body).toMatchObject({ state: 'disabled' });
    expect((await project.post(`/connections/${id}/enable`)).body).toMatchObject({ state: 'ready' });
    const wrong = {
      connector: 'twilio',
      label: 'x',
      settings: { ...settings, authToken: { secret: 'hush' } },
    };
    const refused = await project.post('/connections', wrong);
    expect(refused.status).toBe(422);
    expect(JSON.stringify(refused.body)).not.toContain('hush');
    expect(
      (await project.post('/connections', { connector: 'pigeon', label: 'x', settings: {} })).status,
    ).toBe(422);
  });
});

describe('call', () => {
  test('speaks to an endpoint and checks its answer', async () => {
    const artist = await call(createArtist, { body: { name: 'Called' } }, options(project.key));
    expect(artist).toMatchObject({ name: 'Called', services: [] });
  });

  test('throws the problem of a refusal', async () => {
    const refused = call(createArtist, { body: { name: newId() } }, options('nope'));
    await expect(refused).rejects.toBeInstanceOf(CallError);
    await expect(refused).rejects.toMatchObject({ problem: { status: 401, code: 'unauthorized' } });
  });
});
