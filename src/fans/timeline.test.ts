import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { startApi } from '#http/testing.ts';

const api = await startApi();
const project = await api.addProject();
const other = await api.addProject();
const number = '+13035550142';
const otherNumber = '+13035550143';

/** Day of January 2026, at noon. */
const day = (at: number) => new Date(Date.UTC(2026, 0, at, 12));

async function addFan(phone = number): Promise<string> {
  const { projectId } = project;
  const fanId = newId();
  await sql`insert into fan (project_id, id, name, created_at) values (${projectId}, ${fanId}, 'Maya', ${day(1)})`.execute(
    api.db,
  );
  await sql`insert into address (project_id, channel, value, fan_id, created_at)
            values (${projectId}, 'sms', ${phone}, ${fanId}, ${day(1)})`.execute(api.db);
  return fanId;
}

async function addEvent(fanId: string, at: Date, type: string, subject: object) {
  await sql`insert into event (project_id, id, type, fan_id, source, key, fingerprint, subject, result, occurred_at)
            values (${project.projectId}, ${newId()}, ${type}, ${fanId}, 'test', ${newId()}, '',
                    ${JSON.stringify(subject)}, '{}', ${at})`.execute(api.db);
}

/** A text that was sent, as the engine leaves it: counted, and sealed with its intent. */
async function addMessage(fanId: string, at: Date, body: string | null) {
  const { projectId } = project;
  const id = newId();
  await sql`insert into message (project_id, id, fan_id, channel, address, sender, class, parts, has_opt_out_wording, sent_at)
            values (${projectId}, ${id}, ${fanId}, 'sms', ${number}, '+16195550100', 'marketing', 1, false, ${at})`.execute(
    api.db,
  );
  if (body === null) return;
  const payload = api.sealer.seal(JSON.stringify({ body, to: number }));
  const delivery = JSON.stringify({ status: 'delivered', reason: null, at });
  await sql`insert into intent (project_id, id, work_id, fan_id, effect, key, payload, state, delivery, sent_at)
            values (${projectId}, ${id}, ${newId()}, ${fanId}, 'sms.send', ${id}, ${payload}, 'done', ${delivery}, ${at})`.execute(
    api.db,
  );
}

async function addReleaseAndArtist() {
  const artist = (await project.post('/artists', { name: 'Luna Vale' })).body;
  const release = await project.post('/releases', {
    title: 'Nightglass',
    artistId: artist['id'],
    kind: 'album',
    releaseAt: '2026-06-12T00:00:00Z',
  });
  return { artistId: String(artist['id']), releaseId: String(release.body['id']) };
}

const timeline = async (fanId: string, query = '') =>
  (await project.get(`/fans/${fanId}/timeline${query}`)).body;

describe('the timeline of a fan', () => {
  test('is all that happened as one list, newest first, with words and names', async () => {
    const { projectId } = project;
    const fanId = await addFan();
    const { artistId, releaseId } = await addReleaseAndArtist();
    await addEvent(fanId, day(2), 'sms.keyword', { text: 'Presave pls', keyword: 'PRESAVE' });
    await addEvent(fanId, day(3), 'release.presaved', { releaseId, service: 'music' });
    await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                                   granted_at, active_at, revoked_at, revoked_by)
              values (${projectId}, ${newId()}, ${fanId}, 'sms', ${number}, 'I agree to texts', 'v1', 'keyword', '{}',
                      ${day(4)}, ${day(4)}, ${day(12)}, 'STOP')`.execute(api.db);
    await addMessage(fanId, day(5), 'Luna Vale: you joined');
    await addMessage(fanId, day(6), null);
    await sql`insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, body, reason, received_at)
              values (${projectId}, ${newId()}, ${fanId}, 'sms', ${number}, '+16195550100', 'love you', 'unmatched', ${day(7)})`.execute(
      api.db,
    );
    await addEvent(fanId, day(7), 'sms.received', { reading: 'unmatched' });
    await sql`insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, scopes, state,
                                           authorised_at, dies_at, proven_at)
              values (${projectId}, ${fanId}, 'music', ${newId()}, 'acct', '{}', 'live', ${day(8)}, ${day(28)}, ${day(8)})`.execute(
      api.db,
    );
    await sql`insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
              values (${projectId}, ${fanId}, 'follow', ${artistId}, 'and follow Luna Vale', 'page', ${day(9)})`.execute(
      api.db,
    );
    await sql`insert into save (project_id, fan_id, release_id, service, state, created_at)
              values (${projectId}, ${fanId}, ${releaseId}, 'music', 'scheduled', ${day(10)})`.execute(
      api.db,
    );
    await sql`insert into followed (project_id, fan_id, artist_id, service, at)
              values (${projectId}, ${fanId}, ${artistId}, 'music', ${day(11)})`.execute(api.db);
    await sql`insert into opt_out (project_id, channel, address, word, at)
              values (${projectId}, 'sms', ${number}, 'STOP', ${day(13)})`.execute(api.db);

    const { items, nextCursor } = await timeline(fanId);
    expect(nextCursor).toBeNull();
    expect(items).toMatchObject([
      { kind: 'opt_out', channel: 'sms', word: 'STOP' },
      { kind: 'consent_ended', word: 'STOP', text: 'I agree to texts' },
      { kind: 'followed', about: 'Luna Vale', service: 'music', isUndone: false },
      { kind: 'save', about: 'Nightglass', state: 'scheduled' },
      { kind: 'allowed', purpose: 'follow', about: 'Luna Vale', words: 'and follow Luna Vale' },
      { kind: 'linked', service: 'music', state: 'live', diesAt: day(28).toISOString() },
      { kind: 'inbox', body: 'love you', reason: 'unmatched' },
      { kind: 'message', body: null, state: 'done', delivery: null },
      {
        kind: 'message',
        body: 'Luna Vale: you joined',
        delivery: { status: 'delivered', reason: null },
        sender: '+16195550100',
      },
      { kind: 'consent', method: 'keyword', text: 'I agree to texts' },
      { kind: 'event', type: 'release.presaved', about: 'Nightglass' },
      { kind: 'event', type: 'sms.keyword', subject: { text: 'Presave pls' }, about: null },
    ]);
    // The text in the inbox stands there once, with its words.
    expect(items).toHaveLength(12);
  });

  test('tells what happened in one moment as one caused the other', async () => {
    const fanId = await addFan('+13035550144');
    await addMessage(fanId, day(5), 'Luna Vale: you joined');
    await addEvent(fanId, day(5), 'sms.keyword', { text: 'presave', keyword: 'PRESAVE' });
    await sql`insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source,
                                   granted_at, active_at)
              values (${project.projectId}, ${newId()}, ${fanId}, 'sms', '+13035550144', 'I agree', 'v1', 'keyword',
                      '{}', ${day(5)}, ${day(5)})`.execute(api.db);
    const { items } = await timeline(fanId);
    expect(items).toMatchObject([{ kind: 'message' }, { kind: 'consent' }, { kind: 'event' }]);
  });

  test('goes on page by page, also where many things happened in the same moment', async () => {
    const fanId = await addFan(otherNumber);
    for (let n = 0; n < 3; n++) await addMessage(fanId, day(5), `text ${n}`);
    for (let n = 0; n < 3; n++) await addEvent(fanId, day(5), 'sms.received', { reading: 'help' });
    await addEvent(fanId, day(4), 'sms.opted_in', {});
    const whole = await timeline(fanId);
    const paged: object[] = [];
    let query = '?limit=2';
    for (let pages = 0; pages < 4; pages++) {
      const { items, nextCursor } = await timeline(fanId, query);
      paged.push(...items);
      query = `?limit=2&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(whole['items']);
    expect(paged).toHaveLength(7);
    for (const cursor of ['x', Buffer.from('tomorrow\nrun 1').toString('base64url')]) {
      expect((await timeline(fanId, `?cursor=${cursor}`))['code']).toBe('bad_cursor');
    }
  });

  test('counts the outcomes of a run, and tells nobody of another project', async () => {
    const segment = (await project.post('/segments', { name: 'Timeline' })).body;
    const flow = await project.post('/flows', {
      name: 'Pre-save',
      trigger: { trigger: 'keyword', config: { keywords: ['PRESAVE'] } },
      steps: [{ step: 'add-to-segment', config: { segmentId: segment['id'] } }],
    });
    await project.post(`/flows/${flow.body['id']}/activate`);
    const { body } = await project.post('/events', {
      type: 'sms.keyword',
      fan: { phone: '+13035550199' },
      subject: { keyword: 'presave' },
      idempotencyKey: 'timeline',
    });
    const run = () => project.get(`/runs/${body['runs'][0]}`);
    await expect.poll(async () => (await run()).body['state'], { timeout: 10_000 }).toBe('ended');
    const { fanId } = (await run()).body;
    const { items } = await timeline(fanId);
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'run', flowName: 'Pre-save', state: 'ended', outcomes: { done: 1 } }),
    );
    expect((await other.get(`/fans/${fanId}/timeline`)).status).toBe(404);
    expect((await project.get(`/fans/${newId()}/timeline`)).status).toBe(404);
  });
});
