import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { setSending } from '#kill-switch/kill-switch.ts';
import { addInstagram, dmStep } from '../../../test/instagram-rig.ts';
import { createMessagingRig, day, hour, minute, newPhone } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

const onDm = (config: Record<string, unknown> = { keywords: ['LINK'], match: 'first' }) => ({
  keywords: ['DM'],
  trigger: { trigger: 'instagram-dm', config },
});
const onComment = (config: Record<string, unknown> = { keywords: ['LINK'], match: 'first' }) => ({
  keywords: ['Comment'],
  trigger: { trigger: 'instagram-comment', config },
});

async function setUp() {
  const stage = await rig.stage();
  return { stage, ig: await addInstagram(rig, stage) };
}

const disclosure = 'Automated message from Luna Vale. Write HUMAN for a person, STOP to get no more.';

describe('a DM', () => {
  test('A3 R16, R116 with the keyword is answered at once; the first answer says that it is automatic', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Here: {{ links.connect }}'), dmStep('And more.')] });
    expect(await ig.write('maya', 'Link for me!')).toMatchObject({ webhookStatus: 200 });
    const [first, second] = await ig.inbox('maya');
    expect(first).toBe(`Here: http://segue.test/s/0123456789\n\n${disclosure}`);
    expect(second).toBe('And more.');
    expect(await stage.outcomes()).toEqual(['1 done', '2 done']);
    expect((await stage.events()).at(-1)).toMatchObject({
      type: 'instagram.message',
      subject: { text: 'Link for me!', keyword: 'link', reading: 'first', connectionId: ig.connectionId },
    });
  });

  test('R23 delivered again starts nothing new', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Here.')], reentry: { policy: 'always' } });
    await ig.write('maya', 'link', 'mid.1');
    await ig.write('maya', 'link', 'mid.1');
    expect(await ig.inbox('maya')).toHaveLength(1);
    await ig.write('maya', 'link', 'mid.2');
    expect(await ig.inbox('maya')).toHaveLength(2);
  });

  test('R16 a keyword comes before “any”, and what nothing takes lies in the inbox', async () => {
    const { stage, ig } = await setUp();
    await ig.write('maya', 'hello?');
    expect(await stage.inbox()).toEqual(['unmatched: hello?']);
    await stage.flow({ ...onDm({ on: 'any', keywords: [] }), steps: [dmStep('Hi.')] });
    await stage.flow({ ...onDm(), steps: [dmStep('The link.')] });
    await ig.write('maya', 'link');
    await ig.write('noor', 'good morning');
    expect((await ig.inbox('maya'))[0]).toContain('The link.');
    expect((await ig.inbox('noor'))[0]).toContain('Hi.');
  });

  test('R71 the account’s own messages start nothing', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm({ on: 'any', keywords: [] }), steps: [dmStep('Hi.')] });
    await ig.fake.replyByHand({ fan: 'maya', text: 'link' });
    await stage.settled();
    expect(await stage.runs()).toEqual([]);
  });
});

describe('R70 the 24 hours', () => {
  test('an event by API opens nothing (R96)', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')] });
    await ig.event('instagram.message', '9000000000000001', { text: 'link' });
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 skipped: ig_window']);
  });

  test('begin with the fan’s last message, and end', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
    await ig.write('maya', 'hello');
    await stage.advance(24 * hour - minute);
    const byApi = async () => {
      await ig.event('instagram.message', await addressOf(stage), { text: 'link' });
      await stage.settled();
    };
    await byApi();
    expect(await ig.inbox('maya')).toHaveLength(1);
    await stage.advance(minute);
    await byApi();
    expect(await stage.outcomes()).toEqual(['1 done', '1 skipped: ig_window']);
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toHaveLength(2);
  });
});

describe('4.5 the fallback', () => {
  test('once the 24 hours are over the message goes out as a text to who agreed to texts', async () => {
    const { stage, ig } = await setUp();
    const phone = newPhone();
    await stage.flow({ keywords: ['JOIN'], steps: ['you are in'] });
    await stage.text(phone, 'join');
    await stage.flow({
      keywords: ['MORE'],
      steps: [dmStep('More news.', { fallback: 'text' }), dmStep('Never.')],
      reentry: { policy: 'always' },
    });
    await ig.write('maya', 'hello');
    await sql`
      update address set fan_id = ${await stage.fanOf(phone)}
       where project_id = ${stage.projectId} and channel = 'instagram'`.execute(rig.db);
    await stage.byApi(phone, 'more');
    expect((await ig.inbox('maya')).map((text) => text.split('\n')[0])).toEqual(['More news.', 'Never.']);
    await stage.advance(25 * hour);
    await stage.goTo('14:00');
    await stage.byApi(phone, 'more');
    expect((await stage.got(phone)).at(-1)).toContain('More news.');
    expect((await stage.outcomes()).slice(-2)).toEqual(['1 done', '2 skipped: ig_window']);
  });
});

describe('R109, R117', () => {
  test('an account that is lent to two projects brings a message to the one whose flow it starts', async () => {
    const stage = await rig.stage({ projects: 2 });
    const ig = await addInstagram(rig, stage);
    const [first = '', second = ''] = stage.projectIds;
    await stage.flow({ ...onDm({ keywords: ['TWO'], match: 'first' }), steps: [dmStep('Second.')] }, second);
    await ig.write('maya', 'two');
    await ig.write('maya', 'hello');
    expect([await stage.runs(first), await stage.runs(second)].map((runs) => runs.length)).toEqual([0, 1]);
    expect(await stage.inbox(first)).toEqual(['unmatched: hello']);
    await ig.write('maya', 'stop');
    const address = ig.fake.addressOf('maya');
    expect([await stage.isOptedOut(address, first), await stage.isOptedOut(address, second)]).toEqual([
      true,
      true,
    ]);
  });
});

describe('R72 over the limit of an hour', () => {
  test('private replies wait in order with a time that people see, and none is lost', async () => {
    const { stage, ig } = await setUp();
    const settings = { ...ig.fake.connectionSettings(), privateRepliesPerHour: 10 };
    await rig.first.connections.updateConnection(stage.accountId, ig.connectionId, { settings });
    await stage.flow({ ...onComment(), steps: [dmStep('The link.')] });
    const fans = ['a', 'b', 'c', 'd'];
    for (const fan of fans) await ig.fake.receiveComment({ fan, postId: '17900000000000001', text: 'link' });
    const replies = async () => (await ig.fake.messages()).filter(({ direction }) => direction === 'in');
    await expect.poll(async () => (await replies()).length, { timeout: 8_000 }).toBe(2);
    await expect.poll(() => stage.outcomes()).toEqual(['1 done', '1 done', '1 held: lane', '1 held: lane']);
    expect((await replies()).map(({ fan }) => fan)).toEqual(['a', 'b']);
  });
});

describe('a comment', () => {
  test('R69 is answered privately once; a second message waits for an answer of the fan', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onComment(), steps: [dmStep('The link.'), dmStep('More.')] });
    await ig.comment('maya', 'LINK 🔥');
    const messages = await ig.fake.messages('maya');
    expect(messages).toMatchObject([{ direction: 'in', text: `The link.\n\n${disclosure}` }]);
    expect(messages[0]?.commentId).not.toBeNull();
    expect(await stage.outcomes()).toEqual(['1 done', '2 skipped: ig_reply_used']);
  });

  test('R71 told of twice, or by API too, is one', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onComment(), steps: [dmStep('The link.')], reentry: { policy: 'always' } });
    await ig.comment('maya', 'link', { id: '18000000000000001' });
    await ig.comment('maya', 'link', { id: '18000000000000001' });
    const again = await ig.event('instagram.comment', await addressOf(stage), {
      commentId: '18000000000000001',
      mediaId: '17900000000000001',
      text: 'link',
    });
    expect(again.runs).toEqual([]);
    expect(await stage.runs()).toHaveLength(1);
  });

  test('R69 is answered within seven days or not at all', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onComment(), steps: [dmStep('The link.')] });
    await setSending(rig.db, stage.projectId, { isStopped: true, actor: 'test' });
    await stage.advance(minute);
    await ig.comment('maya', 'link');
    expect(await stage.outcomes()).toEqual(['1 held: sending_stopped']);
    await stage.advance(7 * day);
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 skipped: ig_reply_expired']);
  });

  test('R16 one post comes before all posts', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onComment(), steps: [dmStep('All.')] });
    const onPost = onComment({ on: 'any', keywords: [], mediaId: '17900000000000002' });
    await stage.flow({ ...onPost, steps: [dmStep('This one.')] });
    await ig.comment('maya', 'link', { postId: '17900000000000002' });
    await ig.comment('noor', 'link');
    await ig.comment('ada', 'nice');
    expect((await ig.inbox('maya'))[0]).toContain('This one.');
    expect((await ig.inbox('noor'))[0]).toContain('All.');
    expect(await ig.inbox('ada')).toEqual([]);
  });

  test('by choice only the first of a fan counts', async () => {
    const { stage, ig } = await setUp();
    const config = { on: 'any', keywords: [], onlyFirst: true };
    await stage.flow({ ...onComment(config), steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
    await ig.comment('maya', 'one');
    await ig.comment('maya', 'two');
    expect(await ig.inbox('maya')).toHaveLength(1);
    expect((await stage.events()).at(-1)?.ignored).toEqual(['once']);
  });
});

describe('a person instead of a machine', () => {
  test('R73 STOP ends messages at once, START brings them back', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
    await ig.write('maya', 'STOP');
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toEqual([]);
    expect(await stage.inbox()).toEqual(['opted_out: link']);
    await ig.write('maya', 'start');
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toHaveLength(1);
  });

  test('R116 HUMAN silences what is automatic for a day', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
    await ig.write('maya', 'Human, please');
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toEqual([]);
    expect(await stage.inbox()).toEqual(['human: Human, please', 'human: link']);
    await stage.advance(24 * hour);
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toHaveLength(1);
  });
});

describe('R116 an answer by hand', () => {
  test('silences what is automatic for a day; then it says again that it is automatic', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
    await ig.write('maya', 'link');
    await ig.write('maya', 'link');
    expect((await ig.inbox('maya')).map((text) => text.includes(disclosure))).toEqual([true, false]);
    await ig.fake.replyByHand({ fan: 'maya', text: 'It is me, Luna.' });
    await ig.write('maya', 'link');
    expect(await ig.inbox('maya')).toHaveLength(3);
    await stage.advance(day);
    await ig.write('maya', 'link');
    expect((await ig.inbox('maya')).at(-1)).toContain(disclosure);
  });

  test('the echo of a message of ours is none', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')] });
    await ig.write('maya', 'link');
    expect(await ig.conversation()).toMatchObject({ silenced_until: null });
  });
});

describe('an answer of Instagram that was lost', () => {
  test('R32 is found by the echo, and the message not sent again', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')] });
    ig.fake.setLostAnswer('carried_out');
    await ig.fake.receiveMessage({ fan: 'maya', text: 'link' });
    await expect.poll(() => stage.outcomes(), { timeout: 8_000 }).toEqual(['1 done']);
    expect(await ig.inbox('maya')).toHaveLength(1);
  });
});

async function addressOf(stage: Awaited<ReturnType<typeof rig.stage>>): Promise<string> {
  const { rows } = await sql<{ value: string }>`
    select value from address where project_id = ${stage.projectId} and channel = 'instagram'`.execute(
    rig.db,
  );
  return rows[0]?.value ?? '';
}

describe('4.5 an account that is not connected', () => {
  test('the message waits, and goes out when it is connected again', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.')] });
    await ig.fake.endTokens();
    await ig.write('maya', 'link');
    expect(await stage.outcomes()).toEqual(['1 deferred: ig_disconnected']);
    const { connections } = rig.first;
    await connections.settled();
    expect(await connections.getConnection(stage.accountId, ig.connectionId)).toMatchObject({
      state: 'needs_reconnect',
    });
    await connections.updateConnection(stage.accountId, ig.connectionId, {
      settings: await ig.fake.freshSettings(),
    });
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 done']);
    expect(await ig.inbox('maya')).toHaveLength(1);
  });

  test('after 24 hours it is skipped; where the artist says so, at once', async () => {
    const { stage, ig } = await setUp();
    await stage.flow({ ...onDm(), steps: [dmStep('Hi.'), { ...dmStep('Hi.'), onUnmet: 'skip' }] });
    const { connections } = rig.first;
    await connections.disableConnection(stage.accountId, ig.connectionId);
    await connections.enableConnection(stage.accountId, ig.connectionId);
    await ig.write('maya', 'hello');
    await connections.disableConnection(stage.accountId, ig.connectionId);
    await ig.event('instagram.message', await addressOf(stage), { text: 'link' });
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 deferred: ig_disconnected', '2 skipped: ig_disconnected']);
    await stage.advance(24 * hour);
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 skipped: ig_disconnected', '2 skipped: ig_disconnected']);
  });
});
