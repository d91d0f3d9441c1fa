import { expect, test } from 'vitest';
import { renewCredentials } from '#connections/renew-credentials.ts';
import { createLog } from '#lib/log.ts';
import { readRunMessages } from '#runs/messages.ts';
import { addInstagram, dmStep } from '../../../test/instagram-rig.ts';
import { createMessagingRig, day, sealer } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();
const { connections, clocks } = rig.first;

async function setUp() {
  const stage = await rig.stage();
  const ig = await addInstagram(rig, stage);
  const view = () => connections.getConnection(stage.accountId, ig.connectionId);
  const renew = async () => {
    await renewCredentials({ db: rig.db, connections, clocks, log: createLog({ level: 'silent' }) });
    await connections.settled();
  };
  await connections.updateConnection(stage.accountId, ig.connectionId, {
    settings: await ig.fake.freshSettings(),
  });
  return { stage, ig, view, renew };
}

const renewals = (ig: Awaited<ReturnType<typeof setUp>>['ig']) =>
  ig.fake.calls().filter(({ path }) => path === '/refresh_access_token');

test('a token is renewed from its seventh day on, once, by whichever process looks first', async () => {
  const { stage, ig, view, renew } = await setUp();
  const before = (await view()).credential?.endsAt;
  await stage.advance(6 * day);
  await renew();
  expect(renewals(ig)).toEqual([]);
  await stage.advance(day);
  await Promise.all([renew(), renew()]);
  expect(renewals(ig)).toMatchObject([{ status: 200 }]);
  const after = (await view()).credential?.endsAt;
  expect((after?.getTime() ?? 0) - (before?.getTime() ?? 0)).toBeGreaterThan(6.9 * day);
});

test('one that cannot be renewed is said on its fiftieth day, and stops the connection when it is over', async () => {
  const { stage, ig, view, renew } = await setUp();
  ig.fake.setFault({ mode: 'error' });
  await stage.advance(8 * day);
  await renew();
  expect(await view()).toMatchObject({ state: 'ready', lastError: null, credential: { isEnding: false } });
  await stage.advance(42 * day);
  await renew();
  expect(await view()).toMatchObject({
    state: 'ready',
    lastError: expect.stringMatching(
      /^Its token ends on \d{4}-\d\d-\d\d and could not be renewed: Instagram/,
    ),
    credential: { isEnding: true },
  });
  ig.fake.setFault({ mode: 'ok' });
  await stage.advance(11 * day);
  await renew();
  expect(await view()).toMatchObject({
    state: 'needs_reconnect',
    lastError: expect.stringMatching(/^Its token ended on/),
  });
});

test('one that Instagram has ended needs its owner', async () => {
  const { stage, ig, view, renew } = await setUp();
  await ig.fake.endTokens();
  await stage.advance(8 * day);
  await renew();
  expect((await view()).state).toBe('needs_reconnect');
});

test('a run and the fan’s timeline show the words that were sent, and what she wrote once', async () => {
  const { stage, ig } = await setUp();
  const trigger = { trigger: 'instagram-dm', config: { keywords: ['LINK'], match: 'first' } };
  await stage.flow({ keywords: [], trigger, steps: [dmStep('Here it is.')] });
  await ig.write('maya', 'hello');
  await ig.write('maya', 'link');
  const [run] = await stage.runs();
  const { items } = await readRunMessages({ db: rig.db, sealer }, stage.projectId, run?.id ?? '');
  expect(items).toMatchObject([
    { channel: 'instagram', from: 'novareyes', body: expect.stringMatching(/^Here it is\./) },
  ]);
  const readings = (await stage.events()).map(({ subject }) => subject['reading']);
  expect(readings).toEqual(['unmatched', 'exact']);
});
