import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { createMessagingRig, newPhone } from '../../test/messaging-rig.ts';
import { listReconciled, reconcileAll, reconcileDay } from './reconcile.ts';

const rig = await createMessagingRig();
const dayMs = 24 * 60 * 60_000;
const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

async function sentStage() {
  const stage = await rig.stage();
  await stage.flow({ keywords: ['PRESAVE'] });
  for (let at = 0; at < 3; at++) await stage.text(newPhone(), 'presave');
  const connection = await rig.first.connections.find(stage.connectionId);
  if (connection === undefined) throw new Error('the stage has no connection');
  return { stage, connection, day: stage.now().toISOString().slice(0, 10) };
}

test('R84 a day’s texts are compared with the provider’s own list, once it differs and once it does not', async () => {
  const { stage, connection, day } = await sentStage();
  const deps = { db: rig.db, wall: { now: () => new Date() } };
  const equal = { ourTexts: 3, ourParts: 3, theirTexts: 3, theirParts: 3 };
  expect(await reconcileDay(deps, connection, day)).toEqual(equal);
  // Somebody texts from the number past Segue: the provider has one more.
  const body = 'x'.repeat(161);
  const statusCallbackUrl = 'http://127.0.0.1:9/none';
  await connection.sms?.send(
    { from: stage.number, to: newPhone(), body, statusCallbackUrl },
    { key: 'elsewhere' },
  );
  await stage.fake.settled();
  const more = { ...equal, theirTexts: 4, theirParts: 5 };
  expect(await reconcileDay(deps, connection, day)).toEqual(more);
  expect(await listReconciled(rig.db, stage.projectId)).toEqual([
    { connectionId: connection.id, label: expect.any(String), day, ...more },
  ]);
  const elsewhere = await rig.stage();
  expect(await listReconciled(rig.db, elsewhere.projectId)).toEqual([]);
});

test('R84 every night the last whole days of live connections are compared until they agree', async () => {
  const { stage, connection, day } = await sentStage();
  await sql`
    update connection set is_live = true, created_at = ${new Date(stage.now().getTime() - dayMs)}
     where id = ${connection.id}`.execute(rig.db);
  const tomorrow = { now: () => new Date(stage.now().getTime() + dayMs) };
  const run = () =>
    reconcileAll({ db: rig.db, connections: rig.first.connections, wall: tomorrow, log: quiet as never });
  const calls = () => stage.fake.calls().filter(({ method }) => method === 'GET').length;
  await Promise.all([run(), run()]);
  const found = await listReconciled(rig.db, stage.projectId);
  expect(found.map((one) => [one.day, one.ourTexts, one.theirTexts])).toEqual([
    [day, 3, 3],
    [new Date(stage.now().getTime() - dayMs).toISOString().slice(0, 10), 0, 0],
  ]);
  const before = calls();
  await run();
  expect(calls()).toBe(before);
});
