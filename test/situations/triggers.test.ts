import { expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { forms, linkIn } from './browser.ts';
import { day, describe, phones, startStage, type Json, type Shown, type Stage } from './stage.ts';

/** An active flow, and the segment that tells who went through it. */
async function listen(stage: Stage, trigger: string, config: object, more: object[] = []) {
  const segment = await stage.api('POST', '/segments', { name: newId() });
  const segmentId = String(segment['id']);
  const steps = [{ step: 'add-to-segment', config: { segmentId } }, ...more];
  const flow = await stage.api('POST', '/flows', { name: trigger, trigger: { trigger, config }, steps });
  await stage.api('POST', `/flows/${String(flow['id'])}/activate`);
  return {
    flowId: String(flow['id']),
    summary: String(flow['summary']),
    async heard(): Promise<string[]> {
      await stage.idle();
      const { items } = await stage.api('GET', `/segments/${segmentId}/fans`);
      return (items as Json[]).map((fan) => String(fan['phone'] ?? fan['email']));
    },
  };
}

function event(type: string, subject: object, fan: object = { phone: '+13035550171' }) {
  return { type, fan, subject, idempotencyKey: newId() };
}

test('R2 R3 R20 every event starts the flow that listens for it, and no other', async () => {
  const stage = await startStage();
  const { releaseId, artistId } = stage.demo;
  const other = await stage.api('POST', '/artists', { name: 'Somebody else', services: [] });
  const theirs = { artistId: other['id'] };
  const single = await stage.api('POST', '/releases', {
    title: 'Single',
    artistId: other['id'],
    kind: 'track',
    services: [],
    releaseAt: '2031-01-01T00:00:00.000Z',
  });
  const cases = [
    ['sms-sign-up', {}, 'sms.opted_in', {}, null],
    ['email-sign-up', {}, 'email.opted_in', {}, null],
    ['presave', { releaseId }, 'release.presaved', { releaseId }, { releaseId: single['id'] }],
    ['library-add', { releaseId }, 'release.saved', { releaseId }, { releaseId: single['id'] }],
    ['follow', { artistId }, 'artist.followed', { artistId }, theirs],
    ['nextsave', { artistId }, 'nextsave.opted_in', { artistId }, theirs],
  ] as const;
  const flows = new Map<string, string>();
  for (const [trigger, config] of cases) flows.set(trigger, (await listen(stage, trigger, config)).flowId);
  for (const [trigger, , type, subject, another] of cases) {
    const first = await stage.api('POST', '/events', event(type, subject));
    const started = await Promise.all(
      (first['runs'] as string[]).map(async (id) => (await stage.api('GET', `/runs/${id}`))['flowId']),
    );
    expect([trigger, started]).toEqual([trigger, [flows.get(trigger)]]);
    // R29: an opt-in, and every other of these, happens to a fan once.
    await stage.idle();
    const again = await stage.api('POST', '/events', event(type, subject));
    expect([again['runs'], again['ignored']]).toEqual([[], [{ flowId: flows.get(trigger), reason: 'once' }]]);
    if (another === null) continue;
    expect(await stage.api('POST', '/events', event(type, another))).toMatchObject({ runs: [], ignored: [] });
  }
});

test('R3 R33 R97 what a run, a keyword and the fan’s page do are the same events', async () => {
  const stage = await startStage();
  const { releaseId, artistId } = stage.demo;
  const signUps = await listen(stage, 'sms-sign-up', {});
  const presaves = await listen(stage, 'presave', { releaseId }, [
    // R33: comes back to a flow that the chain has been to, or would.
    { step: 'follow-artist', config: { artistId } },
  ]);
  const follows = await listen(stage, 'follow', { artistId });
  const wishes = await listen(stage, 'nextsave', { artistId });
  expect([presaves.summary, follows.summary]).toEqual([
    'A fan pre-saves Midnight Ferry',
    'A fan follows Nova Reyes',
  ]);

  // A flow's steps, done at once for a fan who is linked.
  await stage.text(phones.connected, 'presave');
  expect(await presaves.heard()).toEqual([phones.connected]);
  expect(await follows.heard()).toEqual([phones.connected]);
  // She had agreed before: her consent is not new.
  expect(await signUps.heard()).toEqual([]);

  // The same by a stranger: her keyword signs her up, her page does the rest.
  await stage.text(phones.unknown, 'presave');
  expect(await signUps.heard()).toEqual([phones.unknown]);
  expect(await presaves.heard()).toEqual([phones.connected]);
  const [text = ''] = await stage.got(phones.unknown);
  const page = await stage.open(linkIn(text));
  const signIn = /formaction="(\/c\/[\w-]+\/spotify)"/.exec(page.html)?.[1] ?? '';
  const ticked = ['release', 'follow', 'future'].map((kind) => ['purpose', kind] as const);
  const user = { user: 'mara-lindqvist', decision: 'allow' } as const;
  const linked = await stage.submit(signIn, ticked, user);
  expect((await presaves.heard()).toSorted()).toEqual([phones.unknown, phones.connected].toSorted());
  expect((await follows.heard()).toSorted()).toEqual([phones.unknown, phones.connected].toSorted());
  expect(await wishes.heard()).toEqual([phones.unknown]);

  // R65: taken back and given anew, it begins anew, and the flow that listens knows her already.
  const undo = forms(linked.html).find(({ fields }) => fields.some(([, value]) => value === 'future'));
  expect(undo?.action).toMatch(/\/do\/undo$/);
  const undone = await stage.submit(undo?.action ?? '', undo?.fields ?? []);
  expect(undone.text).toContain('Also save what Nova Reyes releases next');
});

test('R65 R100 a NextSave step waits for the box, and is done when the fan has ticked it', async () => {
  const stage = await startStage();
  const { artistId } = stage.demo;
  const wishes = await listen(stage, 'nextsave', { artistId });
  await stage.changeFlow((flow) => ({
    ...flow,
    steps: [
      { step: 'nextsave', config: { artistId } },
      { step: 'send-text', config: { body: 'More to come: {{ links.connect }}' } },
    ],
  }));
  await stage.text(phones.connected, 'presave');
  expect(await stage.outcomes(phones.connected)).toEqual([
    '1 nextsave (spotify) deferred: needs_ok',
    '2 send-text done',
  ]);
  expect(await wishes.heard()).toEqual([]);
  const text = (await stage.got(phones.connected)).at(-1) ?? '';
  const page = await stage.open(linkIn(text.replace(/ ?Reply STOP.*$/, '')));
  const allow = /formaction="(\/c\/[\w-]+\/do\/allow)"/.exec(page.html)?.[1] ?? '';
  expect(page.html).toMatch(/value="future"(?! checked)/);
  await stage.submit(allow, [['purpose', 'future']]);
  expect(await wishes.heard()).toEqual([phones.connected]);
  const run = (await stage.runs(phones.connected)).find((one) => one['flowId'] === stage.demo['flowId']);
  expect(((run ?? {})['steps'] as Shown[]).map(describe)[0]).toBe('1 nextsave (spotify) done');
  // Again: it is there already, and no second event is raised.
  await stage.advance(2 * day);
  await stage.text(phones.connected, 'presave');
  expect((await stage.outcomes(phones.connected))[0]).toBe('1 nextsave (spotify) done: already');
  const { items } = await stage.api('GET', `/runs?flowId=${wishes.flowId}`);
  expect(items).toHaveLength(1);
});
