import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createHttp } from '#lib/http.ts';
import { newId } from '#lib/ids.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { createSmtpClient } from './client.ts';
import { smtp } from './connector.ts';
import { openSmtpDoor } from './fake/door.ts';
import { createSmtpFake } from './fake.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(change: Record<string, unknown> = {}) {
  const now = () => new Date();
  const fake = createSmtpFake({
    store: createMemoryStore(),
    now,
    deliver: () => Promise.reject(new Error()),
  });
  const door = await openSmtpDoor({ host: '127.0.0.1', port: 0, find: () => Promise.resolve(fake) });
  const http = createHttp();
  closing.push(
    () => door.close(),
    () => http.close(),
  );
  const settings = { ...fake.connectionSettings(), ...change };
  const client = createSmtpClient({ baseUrl: `smtp://127.0.0.1:${door.port}`, settings, http, now });
  return { fake, client };
}

const mail = () => ({
  from: { address: 'hello@mail.example', name: 'Luna Vale' },
  to: 'maya@fans.example',
  subject: 'Out now',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: {
    'List-Unsubscribe': `<https://segue.example/u/${'abcdefghij'.repeat(12)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  messageId: `${newId()}@mail.example`,
  reference: { projectId: newId(), intentId: newId() },
});

test('R75 our own DKIM signature covers both one-click headers', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { fake, client } = await open({
    dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    dkimSelectors: ['s1'],
  });
  await client.send(mail(), { key: 'k' });
  const [seen] = await fake.mails();
  const signature = seen?.headers['DKIM-Signature'] ?? '';
  expect(signature).toMatch(/d=mail\.example; .*s=s1/);
  const covered = /\bh=([^;]+);/.exec(signature)?.[1]?.toLowerCase().replaceAll(/\s/g, '').split(':');
  expect(covered).toEqual(
    expect.arrayContaining([
      'from',
      'to',
      'subject',
      'date',
      'message-id',
      'list-unsubscribe',
      'list-unsubscribe-post',
    ]),
  );
});

test('the message id is the one that was asked for, so that equal mails are seen to be one', async () => {
  const { fake, client } = await open();
  const one = mail();
  expect(await client.send(one, { key: 'k' })).toEqual({ providerId: one.messageId });
  expect((await fake.mails())[0]?.headers['Message-ID']).toBe(`<${one.messageId}>`);
});

test('a fan’s address is the only recipient, whatever it looks like', async () => {
  const { fake, client } = await open();
  await client.send({ ...mail(), to: 'maya+a@fans.example' }, { key: 'k' });
  expect((await fake.mails())[0]?.to).toBe('maya+a@fans.example');
});

test('many at once share a few connections', async () => {
  const { fake, client } = await open({ connections: 2 });
  await Promise.all(Array.from({ length: 20 }, (_, index) => client.send(mail(), { key: `k${index}` })));
  expect(await fake.mails()).toHaveLength(20);
});

test('mails leave the machine encrypted only', () => {
  const settings = { host: 'mail.elsewhere.example', security: 'none', fromAddress: 'a@b.example' };
  expect(smtp.settings.safeParse(settings).success).toBe(false);
  expect(smtp.settings.safeParse({ ...settings, host: 'localhost' }).success).toBe(true);
});
