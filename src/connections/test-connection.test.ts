import { expect, test } from 'vitest';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';
import { testConnection } from './test-connection.ts';

const rig = await createMessagingRig();
const { connections } = rig.first;

const healthOf = async (id: string, accountId: string) => {
  await connections.settled();
  const { state, lastError, lastSuccessAt, lastWebhookAt } = await connections.getConnection(accountId, id);
  return { state, lastError, hasWorked: lastSuccessAt !== null, wasHeard: lastWebhookAt !== null };
};

test('a connection is tested by one question that sends nothing; what came of it is its health', async () => {
  const { connectionId, accountId, fake } = await rig.stage();
  const calls = fake.calls().length;
  expect(await testConnection({ connections }, connectionId)).toEqual({ trouble: null });
  expect(fake.calls().slice(calls)).toEqual([expect.objectContaining({ method: 'GET' })]);
  const well = { state: 'ready', lastError: null, hasWorked: true, wasHeard: false };
  expect(await healthOf(connectionId, accountId)).toEqual(well);

  // The provider is away: that is said, and says nothing about the settings.
  fake.setFault({ mode: 'error', count: 1 });
  const { trouble } = await testConnection({ connections }, connectionId);
  expect(trouble).toEqual(expect.any(String));
  expect(await healthOf(connectionId, accountId)).toEqual({ ...well, lastError: trouble });
  expect(await testConnection({ connections }, connectionId)).toEqual({ trouble: null });
});

test('what a provider tells is noted where its signature fits', async () => {
  const stage = await rig.stage();
  const { connectionId, accountId } = stage;
  const from = newPhone();
  expect((await stage.call({ From: from, To: stage.number, Body: 'hi' }, { signature: 'bad' })).status).toBe(
    403,
  );
  expect(await healthOf(connectionId, accountId)).toMatchObject({ wasHeard: false });
  await stage.text(from, 'hi');
  expect(await healthOf(connectionId, accountId)).toMatchObject({ wasHeard: true });
});

test('one that is not there, and one with nothing to be asked, are refused', async () => {
  const { accountId } = await rig.stage();
  const mail = await connections.createConnection({
    accountId,
    connector: 'postmark',
    label: 'Mail',
    isLive: false,
    settings: { serverToken: 'b'.repeat(36), fromAddress: 'hello@luna.example' },
  });
  expect(mail.canBeTested).toBe(false);
  for (const id of [mail.id, '01a21bc9-3962-77d0-b600-a62af0fee0b2'])
    await expect(testConnection({ connections }, id)).rejects.toMatchObject({ status: 422 });
});
