import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { createSpotifyClient } from '#connectors/spotify/client.ts';
import { createTwilioClient } from '#connectors/twilio/client.ts';
import { newId } from '#lib/ids.ts';
import { createTestDatabase } from '../../test/db.ts';
import { noteDemo } from './demo/store.ts';
import { setStage } from './testing.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const { ask, callFake, clocks, makeProject, settingsOf, webhookAnswers, webhooks } = stage;
afterAll(() => stage.close());

const phone = '+13035550142';
const dayMs = 24 * 3_600_000;

it('a text from a phone is told to the signed webhook and answered with its end', async () => {
  const { projectId, smsId } = await makeProject('+16195550101');
  const text = { from: phone, to: '+16195550101', body: 'presave', id: 'first' };
  expect(await ask(projectId, '/phone/texts', text)).toEqual({ status: 201, json: { id: 'first' } });
  expect(webhooks.at(-1)).toEqual({ path: `/webhooks/twilio/${smsId}`, isSigned: true });

  webhookAnswers.push(503, 503);
  const failed = await ask(projectId, '/phone/texts', { ...text, id: 'second' });
  expect(failed).toEqual({ status: 502, json: { id: 'second', webhookStatus: 503 } });

  expect((await ask(projectId, '/phone/texts', { ...text, to: '+16195550199' })).status).toBe(404);
  const wrong = await ask(projectId, '/phone/texts', { ...text, from: 'me', colour: 1 });
  expect([wrong.status, wrong.json.code]).toEqual([422, 'invalid']);
  const notJson = await fetch(`${stage.segue().url}/sandbox/api/phone/texts`, {
    method: 'POST',
    body: '{',
    headers: { authorization: `Bearer ${projectId}` },
  });
  expect(notJson.status).toBe(422);
});

it('a project texts only through its own numbers and sees only its own texts', async () => {
  const mine = await makeProject('+16195550102');
  const theirs = await makeProject('+16195550103');
  const text = { from: phone, to: '+16195550103', body: 'hi' };
  expect((await ask(mine.projectId, '/phone/texts', text)).status).toBe(404);
  expect((await ask(theirs.projectId, '/phone/texts', text)).status).toBe(201);
  expect((await ask(mine.projectId, '/phone/texts')).json.items).toEqual([]);
  expect((await ask(theirs.projectId, '/phone/texts')).json.items).toHaveLength(1);
});

it('texts are listed newest first, page by page, and outlive the process', async () => {
  const { projectId, smsId } = await makeProject('+16195550104');
  const client = createTwilioClient({
    baseUrl: stage.segue().sandbox.fakes.baseUrl('twilio', smsId),
    settings: settingsOf.get(smsId) ?? {},
    http: stage.segue().http,
    now: () => clocks.now(projectId),
  });
  for (const body of ['one', 'two', 'a\0b 🎹'])
    expect((await ask(projectId, '/phone/texts', { from: phone, to: '+16195550104', body })).status).toBe(
      201,
    );
  const message = { from: '+16195550104', to: phone, body: 'Welcome', statusCallbackUrl: '' };
  await client.send(
    { ...message, statusCallbackUrl: `https://segue.example/webhooks/twilio/${smsId}` },
    { key: 'k' },
  );
  expect((await ask(projectId, '/idle?timeoutMs=5000')).json).toEqual({ idle: true });

  await stage.restart();

  const all = await ask(projectId, `/phone/texts?number=${phone}`);
  expect(all.json.items?.map((text) => [text.direction, text.body, text.status])).toEqual([
    ['in', 'Welcome', 'delivered'],
    ['out', 'a\0b 🎹', 'received'],
    ['out', 'two', 'received'],
    ['out', 'one', 'received'],
  ]);
  const first = await ask(projectId, '/phone/texts?direction=out&limit=2');
  expect(first.json.items?.map((text) => text.body)).toEqual(['a\0b 🎹', 'two']);
  const second = await ask(projectId, `/phone/texts?direction=out&limit=2&cursor=${first.json.nextCursor}`);
  expect(second.json).toMatchObject({ items: [{ body: 'one' }], nextCursor: null });
  const lost = await ask(projectId, '/phone/texts?cursor=nowhere');
  expect([lost.status, lost.json.code]).toEqual([422, 'bad_cursor']);
});

it('a player shows the saves that the real client made, and the calls it took', async () => {
  const { projectId, streamingId } = await makeProject('+16195550105');
  const player = await stage.segue().sandbox.fakes.open('spotify', streamingId);
  const tokens = await player.issueGrant('maya', ['user-library-modify'], clocks.now(projectId));
  const client = createSpotifyClient({
    baseUrl: stage.segue().sandbox.fakes.baseUrl('spotify', streamingId),
    settings: settingsOf.get(streamingId) ?? {},
    http: stage.segue().http,
    now: () => clocks.now(projectId),
  });
  const access = { token: async () => tokens.accessToken, renew: async () => tokens.accessToken };
  const since = clocks.now(projectId).toISOString();
  await client.save(access, [{ kind: 'album', id: '4aawyAB9vmqN3uQ7FjRGTy' }], { key: 'k' });

  const library = await ask(projectId, '/spotify/library?user=maya');
  expect(library.json).toMatchObject({
    user: 'maya',
    saved: [{ uri: 'spotify:album:4aawyAB9vmqN3uQ7FjRGTy' }],
    following: [],
  });
  expect((await ask(projectId, '/spotify/library?user=nobody')).json).toMatchObject({ saved: [] });
  const calls = await ask(projectId, `/spotify/calls?since=${since}`);
  expect(calls.json).toMatchObject({ total: 1, items: [{ method: 'PUT', status: 200 }] });
  expect((await ask(projectId, '/spotify/calls?since=2999-01-01T00:00:00Z')).json.total).toBe(0);
  expect((await ask(projectId, '/twilio/library?user=maya')).status).toBe(404);
  expect((await ask(projectId, '/tidal/library?user=maya')).status).toBe(404);
});

it('a fault breaks the fakes of its project alone, for as many calls as it says', async () => {
  const mine = await makeProject('+16195550106');
  const theirs = await makeProject('+16195550107');
  const set = await ask(mine.projectId, '/faults', { connector: 'spotify', mode: 'down', count: 1 });
  expect(set.status).toBe(200);
  expect((await callFake(`spotify/${theirs.streamingId}/v1/me`)).status).toBe(401);
  expect((await callFake(`spotify/${mine.streamingId}/v1/me`)).status).toBe(503);
  expect((await callFake(`spotify/${mine.streamingId}/v1/me`)).status).toBe(401);
  expect((await ask(mine.projectId, '/faults', { connector: 'spotify', mode: 'sad' })).status).toBe(422);
  expect((await ask(mine.projectId, '/faults', { connector: 'tidal', mode: 'down' })).status).toBe(404);
});

it('the clock only moves forward, and with it the fakes of the project', async () => {
  const { projectId, streamingId } = await makeProject('+16195550108');
  const player = await stage.segue().sandbox.fakes.open('spotify', streamingId);
  const before = (await ask(projectId, '/clock')).json;
  expect(before.offsetMs).toBe(0);
  const moved = await ask(projectId, '/clock', { advanceMs: 200 * dayMs });
  expect([moved.status, moved.json.offsetMs]).toEqual([200, 200 * dayMs]);
  expect(Date.parse(moved.json.now ?? '') - Date.parse(before.now ?? '')).toBeGreaterThanOrEqual(200 * dayMs);
  expect((await ask(projectId, '/clock', { advanceMs: -1 })).status).toBe(422);

  const { expiresAt } = await player.issueGrant('maya', [], new Date());
  // Signed in 200 days ago: nothing of it is alive by the clock of the project.
  expect(expiresAt.getTime()).toBeLessThan(Date.parse(moved.json.now ?? ''));
});

it('a connection lent to several projects goes by the clock that is furthest ahead', async () => {
  const first = await makeProject('+16195550109');
  const second = await makeProject('+16195550110');
  await sql`
    insert into loan (project_id, connection_id) values (${second.projectId}, ${first.smsId})`.execute(db);
  await ask(second.projectId, '/clock', { advanceMs: 5 * dayMs });
  // Loans are read again after a second at the latest: here at once, by a new process.
  await stage.restart();
  await ask(first.projectId, '/phone/texts', { from: phone, to: '+16195550109', body: 'hi' });
  const { json } = await ask(first.projectId, '/phone/texts');
  expect(Date.parse(json.items?.[0]?.at ?? '')).toBeGreaterThan(Date.now() + 4 * dayMs);
});

it('idle waits for due and leased work, not for what lies ahead by the clock of the project', async () => {
  const { projectId } = await makeProject('+16195550111');
  const id = newId();
  const write = (state: number, dueMs: number) =>
    sql`
    insert into work (project_id, id, kind, due_at, state)
    values (${projectId}, ${id}, 'test', now() + ${dueMs} * interval '1 millisecond', ${state})
    on conflict (project_id, id) do update set due_at = excluded.due_at, state = excluded.state`.execute(db);
  const idle = async () => (await ask(projectId, '/idle?timeoutMs=40')).json.idle;
  expect(await idle()).toBe(true);
  await write(0, 60_000);
  expect(await idle()).toBe(true);
  await write(0, -1);
  expect(await idle()).toBe(false);
  await write(1, 60_000);
  expect(await idle()).toBe(false);
  await write(0, 60_000);
  await ask(projectId, '/clock', { advanceMs: 120_000 });
  expect(await idle()).toBe(false);
  await sql`insert into lane (id, count, period_ms, burst, blocked_until)
    values ('out', 1, 1, 1, now() + interval '5 minutes')`.execute(db);
  await sql`update work set lane = 'out' where project_id = ${projectId}`.execute(db);
  expect(await idle()).toBe(true);
});

it('settings of a lent connection are shown with their secrets; of another, nothing', async () => {
  const mine = await makeProject('+16195550112');
  const theirs = await makeProject('+16195550113');
  const { json } = await ask(mine.projectId, `/connections/${mine.smsId}`);
  expect(json.settings?.authToken).toMatch(/^[0-9a-f]{32}$/);
  expect((await ask(mine.projectId, `/connections/${theirs.smsId}`)).status).toBe(404);
  expect((await ask(mine.projectId, '/connections/x')).status).toBe(404);
});

it('a number that was entered in a form can be texted, whoever the carrier is, and follows a change', async () => {
  const project = await makeProject('+16195550119');
  for (const connector of ['twilio', 'telnyx'] as const) {
    const { settings = {} } = (await ask(project.projectId, `/${connector}/settings`)).json;
    const [first] = settings.numbers ?? [];
    const id = await stage.addCarrier(project, connector, settings);
    const text = { from: phone, to: first?.number, body: 'hi' };
    expect((await ask(project.projectId, '/phone/texts', text)).status).toBe(201);
    expect(webhooks.at(-1)).toEqual({ path: `/webhooks/${connector}/${id}`, isSigned: true });

    const berlin = { ...text, to: '+4915112345670' };
    expect((await ask(project.projectId, '/phone/texts', berlin)).status).toBe(404);
    settingsOf.set(id, { ...settings, numbers: [first, { ...first, number: berlin.to }] });
    await sql`update connection set settings = 'changed' where id = ${id}`.execute(db);
    const sent = async () => (await ask(project.projectId, '/phone/texts', berlin)).status;
    await expect.poll(sent, { interval: 200, timeout: 5_000 }).toBe(201);
    await sql`delete from loan where connection_id = ${id}`.execute(db);
  }
});

it('mailboxes are there and empty', async () => {
  const { projectId } = await makeProject('+16195550114');
  expect(await ask(projectId, '/mailbox?address=maya@example.com')).toEqual({
    status: 200,
    json: { items: [], nextCursor: null },
  });
  expect((await ask(projectId, '/mailbox?adress=typo')).status).toBe(422);
});

it('the demo is told to its own key alone', async () => {
  const { projectId } = await makeProject('+16195550115');
  const id = newId();
  // Half made, as by a start that was cut short: not yet there.
  await noteDemo(db, { projectId });
  expect((await ask(projectId, '/demo')).status).toBe(404);
  const demo = {
    projectId,
    number: '+16195550115',
    keyword: 'PRESAVE',
    flowId: id,
    releaseId: id,
    artistId: id,
    segmentId: id,
    users: [{ connector: 'spotify', user: 'maya' }],
    phones: [{ number: phone, who: 'unknown' as const, name: null, user: null }],
  };
  await noteDemo(db, demo);
  expect(await ask(projectId, '/demo')).toEqual({ status: 200, json: demo });
  const other = await makeProject('+16195550118');
  expect((await ask(other.projectId, '/demo')).status).toBe(404);
});

it('R104 a live key finds nothing here, whichever door it tries; no key is told so', async () => {
  const { projectId } = await makeProject('+16195550116', true);
  const gets = ['/demo', '/phone/texts', '/mailbox', '/clock', '/idle', '/spotify/calls', '/connections/x'];
  const posts = ['/phone/texts', '/clock', '/faults'];
  const answers = [
    ...gets.map(async (path) => ({ path, status: (await ask(projectId, path)).status })),
    ...posts.map(async (path) => ({ path, status: (await ask(projectId, path, {})).status })),
  ];
  expect(await Promise.all(answers)).toEqual([...gets, ...posts].map((path) => ({ path, status: 404 })));
  const withoutKey = gets.map(async (path) => (await ask('', path)).status);
  expect(new Set(await Promise.all(withoutKey))).toEqual(new Set([401]));
});

async function statusOf(fake: string): Promise<number> {
  return (await callFake(`${fake}/2010-04-01/Accounts/AC/Messages.json`)).status;
}

it('a key that may only read changes nothing', async () => {
  const { projectId } = await makeProject('+16195550119');
  expect((await ask(`${projectId}/reader`, '/clock')).status).toBe(200);
  expect((await ask(`${projectId}/reader`, '/clock', { advanceMs: 1 })).status).toBe(403);
});

it('R104 a fake serves test connections alone', async () => {
  const { smsId } = await makeProject('+16195550117');
  expect(await statusOf(`twilio/${smsId}`)).toBe(401);
  expect(await statusOf(`spotify/${smsId}`)).toBe(404);
  expect(await statusOf(`twilio/${newId()}`)).toBe(404);
  expect(await statusOf('twilio/none')).toBe(404);
  const live = newId();
  await sql`
    insert into connection (id, account_id, connector, label, is_live, settings)
    select ${live}, account_id, connector, label, true, settings from connection where id = ${smsId}`.execute(
    db,
  );
  expect(await statusOf(`twilio/${live}`)).toBe(404);
});

it('a fake calls nobody but the installation it is part of', async () => {
  for (const url of ['http://127.0.0.1:9/webhooks', 'https://segue.example.evil/webhooks'])
    await expect(stage.segue().deliver({ url, headers: {}, body: '' })).rejects.toThrow('nobody but');
});
