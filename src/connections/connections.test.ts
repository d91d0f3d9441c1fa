import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { connectorServers } from '#connectors/server.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createConnections } from './create-connections.ts';

const { db } = await createTestDatabase();
const http = createHttp();
afterAll(() => http.close());
const sealer = createSealer([Buffer.alloc(32, 7)]);
const baseUrl = 'http://127.0.0.1:9/fake';

function open() {
  return createConnections({
    db,
    http,
    sealer,
    clocks: new ProjectClocks(db, systemClock),
    baseUrls: (_, isLive) => (isLive ? undefined : baseUrl),
    servers: connectorServers,
    log: createLog({ level: 'silent' }),
  });
}

async function addProject(isLive: boolean, accountId = newId()) {
  const projectId = newId();
  await sql`insert into account (id, name) values (${accountId}, 'A') on conflict do nothing`.execute(db);
  await sql`
    insert into project (id, account_id, name, slug, is_live, programme, legal_sender)
    values (${projectId}, ${accountId}, 'Luna Vale', ${projectId}, ${isLive}, 'Luna Vale', 'LV')`.execute(db);
  return { accountId, projectId };
}

const app = { connector: 'spotify', label: 'App', settings: { clientId: 'id', clientSecret: 'hush' } };
const number = {
  connector: 'twilio',
  label: 'Number',
  settings: {
    accountSid: `AC${'0'.repeat(32)}`,
    authToken: 'f'.repeat(32),
    numbers: [{ number: '+16195550100', type: 'long-code' }],
  },
};

describe('a connection', () => {
  test('is found by project once it is lent, with its client, and its secret stays inside', async () => {
    const { accountId, projectId } = await addProject(false);
    const connections = open();
    const made = await connections.createConnection({ accountId, isLive: false, ...app });
    expect(await connections.ofProject(projectId)).toEqual([]);
    const lent = await connections.lendConnection(accountId, made.id, projectId);
    expect(JSON.stringify(lent)).not.toContain('hush');
    expect(lent).toMatchObject({ secretsSet: ['clientSecret'], projectIds: [projectId], state: 'ready' });
    const [found] = await connections.ofProject(projectId);
    const signIn = found?.streaming?.signIn;
    expect(signIn?.kind === 'redirect' && signIn.authorizeUrl(someAuthorisation)).toContain(
      `${baseUrl}/authorize`,
    );
    const stored = await sql<{ settings: Buffer }>`
      select settings from connection where id = ${made.id}`.execute(db);
    expect(stored.rows[0]!.settings.toString('latin1')).not.toContain('hush');
  });

  test('keeps a secret that an update leaves out, and refuses settings naming the field only', async () => {
    const { accountId } = await addProject(false);
    const connections = open();
    const { id } = await connections.createConnection({ accountId, isLive: false, ...app });
    await connections.updateConnection(accountId, id, { settings: { clientId: 'other' } });
    expect(await connections.revealTestSettings(accountId, id)).toMatchObject({
      clientId: 'other',
      clientSecret: 'hush',
    });
    const refused = connections.updateConnection(accountId, id, {
      settings: { clientId: 7, clientSecret: 'x'.repeat(300) },
    });
    await expect(refused).rejects.toMatchObject({ status: 422 });
    await expect(refused).rejects.not.toThrow(/xxx/);
  });

  test('R104 test and live never mix, nor do accounts', async () => {
    const { accountId, projectId } = await addProject(false);
    const stranger = await addProject(false);
    const connections = open();
    const live = await connections.createConnection({ accountId, isLive: true, ...app });
    await expect(connections.lendConnection(accountId, live.id, projectId)).rejects.toMatchObject({
      details: { rule: 'R104' },
    });
    await expect(connections.lendConnection(accountId, live.id, stranger.projectId)).rejects.toMatchObject({
      status: 422,
    });
    await expect(connections.getConnection(stranger.accountId, live.id)).rejects.toMatchObject({
      status: 404,
    });
    await expect(connections.revealTestSettings(accountId, live.id)).rejects.toMatchObject({ status: 404 });
  });

  test('R104 a test connection without a fake has no client that could reach the provider', async () => {
    const { accountId, projectId } = await addProject(false);
    const connections = createConnections({
      db,
      http,
      sealer,
      clocks: new ProjectClocks(db, systemClock),
      baseUrls: () => undefined,
      servers: connectorServers,
      log: createLog({ level: 'silent' }),
    });
    const { id } = await connections.createConnection({ accountId, isLive: false, ...app });
    await connections.lendConnection(accountId, id, projectId);
    expect((await connections.find(id))?.streaming).toBeNull();
  });

  test('a change in another process is seen within a second, in this one at once', async () => {
    const { accountId, projectId } = await addProject(false);
    const [here, there] = [open(), open()];
    const { id } = await here.createConnection({ accountId, isLive: false, ...app });
    await here.lendConnection(accountId, id, projectId);
    expect(await there.ofProject(projectId)).toHaveLength(1);
    await here.disableConnection(accountId, id);
    expect(await here.ofProject(projectId)).toEqual([]);
    await expect.poll(() => there.ofProject(projectId), { timeout: 1_500, interval: 100 }).toEqual([]);
  });

  test('writes its numbers into the table of senders', async () => {
    const { accountId } = await addProject(false);
    const connections = open();
    const made = await connections.createConnection({ accountId, isLive: false, ...number });
    expect(made.senders).toEqual([{ kind: 'number', value: '+16195550100' }]);
    const { rows } = await sql`select kind, value from sender where connection_id = ${made.id}`.execute(db);
    expect(rows).toEqual([{ kind: 'number', value: '+16195550100' }]);
  });

  test('notes a success once in ten seconds, and the first failure after it at once', async () => {
    const { accountId } = await addProject(false);
    const connections = open();
    const { id } = await connections.createConnection({ accountId, isLive: false, ...app });
    connections.noteSuccess(id);
    await connections.settled();
    expect((await connections.getConnection(accountId, id)).lastSuccessAt).not.toBeNull();
    await sql`update connection set last_success_at = null where id = ${id}`.execute(db);
    connections.noteSuccess(id);
    await connections.settled();
    expect((await connections.getConnection(accountId, id)).lastSuccessAt).toBeNull();
    connections.noteError(id, 'the app was refused', 'needs_reconnect');
    await connections.settled();
    expect(await connections.getConnection(accountId, id)).toMatchObject({
      state: 'needs_reconnect',
      lastError: 'the app was refused',
    });
    expect((await connections.find(id))?.state).toBe('needs_reconnect');
  });
});

const someAuthorisation = { redirectUri: 'https://x.example/cb', state: 's', codeChallenge: 'c', scopes: [] };
