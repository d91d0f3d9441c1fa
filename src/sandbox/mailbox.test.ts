import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, expect, it } from 'vitest';
import { createPostmarkClient } from '#connectors/postmark/client.ts';
import { createSmtpClient } from '#connectors/smtp/client.ts';
import { mailTo } from '#connectors/testing/mails.ts';
import { createTestDatabase } from '../../test/db.ts';
import { setStage } from './testing.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const { ask, makeProject, settingsOf, webhooks } = stage;
const { fakes } = stage.segue().sandbox;
const door = await fakes.openDoor({ host: '127.0.0.1', port: 0 });
afterAll(async () => {
  await door.close();
  await stage.close();
});

const now = () => new Date();

function smtpClient(connectionId: string, name = connectionId) {
  const baseUrl = `smtp://${name}@127.0.0.1:${door.port}`;
  return createSmtpClient({
    baseUrl,
    settings: settingsOf.get(connectionId) ?? {},
    http: stage.segue().http,
    now,
  });
}

function postmarkClient(connectionId: string) {
  return createPostmarkClient({
    baseUrl: fakes.baseUrl('postmark', connectionId),
    settings: settingsOf.get(connectionId) ?? {},
    http: stage.segue().http,
    now,
  });
}

it('mails of all connections lie in one mailbox, newest first, page by page, each project’s its own', async () => {
  const mine = await makeProject('+16195550301');
  const theirs = await makeProject('+16195550302');
  const smtpId = await stage.addEmail(mine, 'smtp');
  const postmarkId = await stage.addEmail(mine, 'postmark');
  const otherId = await stage.addEmail(theirs, 'smtp');
  await smtpClient(smtpId).send(mailTo('maya@fans.example', { subject: 'one' }), { key: 'a' });
  await postmarkClient(postmarkId).send(mailTo('Maya@fans.example', { subject: 'two' }), { key: 'b' });
  await smtpClient(otherId).send(mailTo('maya@fans.example', { subject: 'theirs' }), { key: 'c' });

  const all = (await ask(mine.projectId, '/mailbox?address=MAYA@fans.example')).json;
  expect(all.items?.map(({ subject }) => subject)).toEqual(['two', 'one']);
  expect(all.items?.[1]?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
  const first = (await ask(mine.projectId, '/mailbox?limit=1')).json;
  const second = (await ask(mine.projectId, `/mailbox?limit=1&cursor=${first.nextCursor}`)).json;
  expect([...(first.items ?? []), ...(second.items ?? [])].map(({ subject }) => subject)).toEqual([
    'two',
    'one',
  ]);
  expect((await ask(mine.projectId, '/mailbox?cursor=x')).json.code).toBe('bad_cursor');
  expect((await ask(mine.projectId, '/mailbox?address=nobody@fans.example')).json.items).toEqual([]);
  expect((await ask(theirs.projectId, '/mailbox')).json.items).toHaveLength(1);
});

it('a reader marks a mail as spam, and the provider tells Segue', async () => {
  const project = await makeProject('+16195550303');
  const id = await stage.addEmail(project, 'postmark');
  await postmarkClient(id).send(mailTo('maya@fans.example'), { key: 'a' });
  const { items = [] } = (await ask(project.projectId, '/mailbox')).json;
  expect((await ask(project.projectId, `/mailbox/${items[0]?.id}/complaint`, {})).status).toBe(200);
  expect((await ask(project.projectId, '/mailbox/nothing/complaint', {})).status).toBe(404);
  expect((await ask(project.projectId, '/idle')).json).toEqual({ idle: true });
  const told = webhooks.filter(({ path }) => path === `/webhooks/postmark/${id}`);
  expect(told).toEqual([
    { path: `/webhooks/postmark/${id}`, isSigned: true },
    { path: `/webhooks/postmark/${id}`, isSigned: true },
  ]);
});

it('a mail program that names no connection reaches the oldest; a wrong password nobody', async () => {
  const project = await makeProject('+16195550304');
  const id = await stage.addEmail(project, 'smtp');
  await expect(
    smtpClient(id, 'laptop').send(mailTo('maya@fans.example'), { key: 'a' }),
  ).resolves.toBeDefined();
  expect((await ask(project.projectId, '/mailbox')).json.items).toEqual([]);
  settingsOf.set(id, { ...settingsOf.get(id), password: 'wrong' });
  await expect(smtpClient(id).send(mailTo('maya@fans.example'), { key: 'a' })).rejects.toMatchObject({
    name: 'NeedsReconnect',
  });
});

it('says with which settings a new connection works', async () => {
  const { projectId } = await makeProject('+16195550305');
  const { status, json } = await ask(projectId, '/smtp/settings');
  expect(status).toBe(200);
  expect(json.settings).toMatchObject({ host: 'smtp.mail.example', fromAddress: 'hello@mail.example' });
  expect((await ask(projectId, '/nobody/settings')).status).toBe(404);
});

it('the mail server speaks to whoever connects, and outlives rubbish', async () => {
  const socket = connect(door.port, '127.0.0.1');
  const [greeting] = (await once(socket, 'data')) as [Buffer];
  expect(greeting.toString()).toMatch(/^220 /);
  socket.write('\x00\xff rubbish\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^5\d\d /);
  socket.destroy();
});
