import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { writeSignedRequest } from '#connectors/instagram/signed-request.ts';
import { decideDoubt } from '../decide-doubt.ts';
import { addInstagram, dmStep } from '../../../test/instagram-rig.ts';
import { createMessagingRig, newPhone } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

async function setUp() {
  const stage = await rig.stage();
  const ig = await addInstagram(rig, stage);
  const settings = ig.fake.connectionSettings() as Record<string, string>;
  const secret = settings['appSecret'] ?? '';
  const account = settings['accountId'] ?? '';
  const post = async (body: string, signature = `sha256=${hmac(secret, body)}`) => {
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
    const response = await fetch(ig.webhookUrl, { method: 'POST', headers, body });
    await stage.settled();
    return response.status;
  };
  return { stage, ig, secret, account, settings, post };
}

const hmac = (secret: string, body: string) => createHmac('sha256', secret).update(body).digest('hex');

const anyMessage = { trigger: { trigger: 'instagram-dm', config: { on: 'any', keywords: [] } } };
const anyComment = { trigger: { trigger: 'instagram-comment', config: { on: 'any', keywords: [] } } };

test('GET answers the handshake with the challenge as text; another token is 403, another provider 404', async () => {
  const { ig, settings, stage } = await setUp();
  const ask = async (token: string, mode = 'subscribe', url = ig.webhookUrl) => {
    const query = new URLSearchParams({
      'hub.mode': mode,
      'hub.verify_token': token,
      'hub.challenge': '1158201444',
    });
    const response = await fetch(`${url}?${query.toString()}`);
    return `${response.status} ${await response.text()}`;
  };
  const token = settings['verifyToken'] ?? '';
  expect(await ask(token)).toBe('200 1158201444');
  expect(await ask('another')).toMatch(/^403 /);
  expect(await ask(token, 'unsubscribe')).toMatch(/^403 /);
  expect(await ask(token, 'subscribe', stage.inboundUrl)).toMatch(/^404 /);
});

test('R74 a request that Instagram did not sign is 403 and leaves no row; nor does garbage', async () => {
  const { stage, account, post } = await setUp();
  await stage.flow({ keywords: [], ...anyMessage, steps: [dmStep('Hi.')] });
  const body = JSON.stringify(messageOf(account, { mid: 'm1', text: 'hi' }));
  expect(await post(body, 'sha256=00')).toBe(403);
  expect(await post(body, '')).toBe(403);
  expect(await post(body, `sha256=${hmac('another secret', body)}`)).toBe(403);
  expect(await stage.events()).toEqual([]);
  for (const rubbish of ['{', '[]', 'null', '{"object":"page","entry":[]}', '{"object":"instagram"}'])
    expect(await post(rubbish)).toBe(200);
  expect(await stage.events()).toEqual([]);
});

test('messages and comments are read in every shape that Instagram writes them', async () => {
  const { stage, account, post } = await setUp();
  await stage.flow({ keywords: [], ...anyComment, steps: [dmStep('Hi.')], reentry: { policy: 'always' } });
  const value = (id: string, from = `fan of ${id}`) => ({
    id,
    from: { id: from, username: 'maya' },
    media: { id: '179', media_product_type: 'FEED' },
    text: 'schön 🔥',
  });
  const time = Math.floor(stage.now().getTime() / 1_000);
  const envelope = (entry: object) => ({ object: 'instagram', entry: [{ id: account, time, ...entry }] });
  const changes = (id: string) => envelope({ changes: [{ field: 'comments', value: value(id) }] });
  const escaped = (body: object) =>
    JSON.stringify(body).replace(
      /[^\0-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  expect(await post(escaped(changes('c1')))).toBe(200);
  expect(await post(JSON.stringify(envelope({ field: 'comments', value: value('c2') })))).toBe(200);
  expect(await post(JSON.stringify([changes('c3'), changes('c4')]))).toBe(200);
  expect(await post(JSON.stringify(changes('c1')))).toBe(200);
  const own = envelope({ changes: [{ field: 'comments', value: value('c5', account) }] });
  expect(await post(JSON.stringify(own))).toBe(200);
  const ids = (await stage.events()).map(({ subject }) => subject['commentId']);
  expect(ids).toEqual(['c1', 'c2', 'c3', 'c4']);
  expect((await stage.events())[0]?.subject['text']).toBe('schön 🔥');
  expect(await stage.runs()).toHaveLength(4);
  // One strange entry of a batch does not lose the others.
  const batch = {
    object: 'instagram',
    entry: [{ id: 5 }, 'x', ...messageOf(account, { mid: 'm1', text: 'hey' }).entry],
  };
  expect(await post(JSON.stringify(batch))).toBe(200);
  expect((await stage.events()).at(-1)).toMatchObject({
    type: 'instagram.message',
    subject: { text: 'hey' },
  });
});

test('R107 a picture without words starts nothing and lies in the inbox; a taken-back message and a read are none', async () => {
  const { stage, ig, account, post } = await setUp();
  await stage.flow({ keywords: [], ...anyMessage, steps: [dmStep('Hi.')] });
  const attachments = [{ type: 'image', payload: { url: 'https://cdn.example/1.jpg' } }];
  expect(await post(JSON.stringify(messageOf(account, { mid: 'm1', attachments })))).toBe(200);
  expect(await stage.inbox()).toEqual(['unmatched: (a picture, a video or a voice message)']);
  expect(await post(JSON.stringify(messageOf(account, { mid: 'm2', text: 'x', is_deleted: true })))).toBe(
    200,
  );
  const read = messageOf(account, {});
  Object.assign(read.entry[0]?.messaging[0] ?? {}, { message: undefined, read: { mid: 'm1' } });
  expect(await post(JSON.stringify(read))).toBe(200);
  expect(await stage.events()).toHaveLength(1);
  expect(await stage.runs()).toEqual([]);
  // It opened the 24 hours all the same (R70), and so does a tap on a button.
  expect(await ig.conversation()).toBeDefined();
  const tap = messageOf(account, {});
  Object.assign(tap.entry[0]?.messaging[0] ?? {}, {
    message: undefined,
    postback: { mid: 'm3', title: 'More', payload: 'MORE' },
  });
  expect(await post(JSON.stringify(tap))).toBe(200);
  expect((await stage.events()).at(-1)?.subject['text']).toBe('More');
});

test('what is meant for another account is none of this connection', async () => {
  const { stage, post } = await setUp();
  await stage.flow({ keywords: [], ...anyMessage, steps: [dmStep('Hi.')] });
  expect(await post(JSON.stringify(messageOf('17840000000000009', { mid: 'm1', text: 'hi' })))).toBe(200);
  expect(await stage.events()).toEqual([]);
});

test('one app tells of all its accounts at one address: each connection with its secret gets its own', async () => {
  const { stage, ig, post } = await setUp();
  const other = await rig.stage();
  await other.flow({ keywords: [], ...anyMessage, steps: [dmStep('Hi.')] });
  const theirs = await addInstagram(rig, other);
  const { connections } = rig.first;
  const account = '17840000000000009';
  const settings = { ...ig.fake.connectionSettings(), accountId: account, accountName: 'another' };
  await connections.updateConnection(other.accountId, theirs.connectionId, { settings });
  expect(await post(JSON.stringify(messageOf(account, { mid: 'm1', text: 'hi' })))).toBe(200);
  await other.settled();
  expect(await stage.events()).toEqual([]);
  expect(await other.runs()).toHaveLength(1);
  const elsewhere = { ...settings, appSecret: 'the secret of another app' };
  await connections.updateConnection(other.accountId, theirs.connectionId, { settings: elsewhere });
  expect(await post(JSON.stringify(messageOf(account, { mid: 'm2', text: 'hi' })))).toBe(200);
  await other.settled();
  expect(await other.runs()).toHaveLength(1);
});

test('R116 Meta’s deletion and deauthorise callbacks end what signing in gave, and answer with a code', async () => {
  const { stage, ig, secret } = await setUp();
  const call = async (what: string, signedWith: string) => {
    const request = { algorithm: 'HMAC-SHA256', user_id: '218471', issued_at: 1_795_000_000 };
    const body = new URLSearchParams({ signed_request: writeSignedRequest(signedWith, request) });
    const response = await fetch(`${ig.webhookUrl}/${what}`, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  };
  const view = () => rig.first.connections.getConnection(stage.accountId, ig.connectionId);
  expect((await call('deletion', 'another secret')).status).toBe(403);
  expect((await view()).secretsSet).toContain('accessToken');
  const { status, text } = await call('deletion', secret);
  expect(status).toBe(200);
  const { url, confirmation_code: code } = JSON.parse(text) as Record<string, string>;
  expect(code).toBeTruthy();
  expect((await fetch(url ?? '')).status).toBe(200);
  const after = await view();
  const lastError = expect.stringContaining('removed the app');
  expect(after).toMatchObject({ state: 'needs_reconnect', senders: [], lastError });
  expect(after.secretsSet).not.toContain('accessToken');
  expect(JSON.stringify(after.settings)).not.toContain('novareyes');
  expect((await call('deauthorize', secret)).status).toBe(200);
});

test('R73 a DM that asks texts to end holds the texts until a person has read it, and no DMs', async () => {
  const { stage, ig } = await setUp();
  const phone = newPhone();
  await stage.flow({ keywords: ['JOIN'], steps: ['you are in'] });
  await stage.text(phone, 'join');
  await ig.write('maya', 'hello');
  const fanId = await stage.fanOf(phone);
  await sql`
    update address set fan_id = ${fanId} where project_id = ${stage.projectId} and channel = 'instagram'`.execute(
    rig.db,
  );
  await ig.write('maya', 'please stop texting me');
  expect(await stage.isHeld(phone)).toBe(true);
  expect(await stage.inbox()).toEqual(['unmatched: hello', 'doubt: please stop texting me']);
  const { id, from_address: from } = await doubtOf(stage.projectId);
  expect(from).toBe(phone);
  const { accept, clocks: clock } = rig.first;
  await decideDoubt({ db: rig.db, clock, engine: { accept } }, stage.projectId, id, 'opt_out', 'person:1');
  await stage.settled();
  expect(await stage.isOptedOut(phone)).toBe(true);
  await stage.flow({ keywords: [], ...anyMessage, steps: [dmStep('Hi.')] });
  await ig.write('maya', 'so?');
  expect(await ig.inbox('maya')).toHaveLength(1);
});

async function doubtOf(projectId: string) {
  const { rows } = await sql<{ id: string; from_address: string }>`
    select id, from_address from inbox_message where project_id = ${projectId} and reason = 'doubt'`.execute(
    rig.db,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('nothing is in doubt');
  return row;
}

function messageOf(account: string, message: object) {
  const timestamp = Date.now();
  const messaging = [{ sender: { id: '9001' }, recipient: { id: account }, timestamp, message }];
  return { object: 'instagram', entry: [{ id: account, time: timestamp, messaging }] };
}
