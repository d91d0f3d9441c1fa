import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { projectHeader } from '#http/identify.ts';
import { addNumber, startApi, type TestBody } from '#http/testing.ts';
import { newId } from '#lib/ids.ts';

const api = await startApi();
/** One way of several, and one within another. */
const thanks =
  "Thanks {{ fan.name }}, {% if steps.presave.status == 'done' %}{{ release.title }} is {% if release.date %}on its way{% else %}out{% endif %}{% else %}no{% endif %}.";
const soon = '2099-05-01T00:00:00.000Z';

/** A project whose one flow takes a keyword, pre-saves and answers. */
async function projectWithFlow(change: { isLive?: boolean } = {}) {
  const project = await api.addProject(change);
  const artist = (await project.post('/artists', { name: 'Luna Vale' })).body;
  const release = (
    await project.post('/releases', {
      title: 'Nightglass',
      artistId: artist['id'],
      kind: 'album',
      releaseAt: soon,
      services: [{ service: 'spotify', serviceId: '4aawyAB9vmqN3uQ7FjRGTy' }],
    })
  ).body;
  const segment = (await project.post('/segments', { name: 'Front row' })).body;
  const flow = await project.post('/flows', {
    name: 'Pre-save',
    trigger: { trigger: 'keyword', config: { keywords: ['PRESAVE'] } },
    steps: [
      { step: 'presave', config: { releaseId: release['id'] } },
      { step: 'add-to-segment', config: { segmentId: segment['id'] } },
      { step: 'send-text', config: { body: thanks } },
    ],
  });
  expect(flow.status).toBe(201);
  return { project, artist, release, segment, flowId: String(flow.body['id']) };
}

const channelOf = (body: TestBody, kind: string) =>
  body['channels'].find((one: TestBody) => one['kind'] === kind);
const countOf = async (table: string, project: string) => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${sql.table(table)} where project_id = ${project}`.execute(api.db);
  return rows[0]?.count;
};

test('R125 lists what each channel of the flows needs, who decides, and what to copy where', async () => {
  const { project } = await projectWithFlow();
  const { body } = await project.get('/go-live');
  expect(body['channels'].map((one: TestBody) => one['kind'])).toEqual(['sms', 'streaming']);
  const sms = channelOf(body, 'sms');
  expect(sms).toMatchObject({ isReady: false, flows: [{ name: 'Pre-save' }] });
  const twilio = sms['connectors'].find((one: TestBody) => one['connector'] === 'twilio');
  expect(twilio['connection']).toBe(null);
  for (const task of twilio['tasks']) {
    for (const field of ['title', 'text', 'decidedBy', 'wait', 'cost']) expect(task[field]).not.toBe('');
  }
  const registration = twilio['tasks'].find((task: TestBody) => task['id'] === 'registration');
  const copies = new Map(registration['copies'].map((copy: TestBody) => [copy['id'], copy['value']]));
  expect(copies.get('sample-messages')).toMatch(
    /: Thanks \[fan\.name\], \[release\.title\] is on its way\. STOP to end$/,
  );
  expect(copies.get('use-case')).toContain('A fan texts PRESAVE: pre-save Nightglass');
  expect(copies.get('terms-url')).toMatch(/\/t\/[a-z0-9-]+$/);
  expect(copies.get('stop-answer')).toMatch(/unsubscribed/);
  const spotify = channelOf(body, 'streaming')['connectors'].find(
    (one: TestBody) => one['connector'] === 'spotify',
  );
  expect(spotify['tasks'][0]['copies']).toEqual([
    { id: 'redirect-uri', value: expect.stringMatching(/\/oauth\/spotify\/callback$/) },
  ]);
});

test('R125 a channel names what the project uses, and is ready when that works; this installation is not public', async () => {
  const { project } = await projectWithFlow();
  await addNumber(api, project);
  const { body } = await project.get('/go-live');
  const sms = channelOf(body, 'sms');
  expect(sms['connectors'].map((one: TestBody) => one['connector'])).toEqual(['twilio']);
  expect(sms).toMatchObject({ isReady: true, connectors: [{ connection: { state: 'ready' } }] });
  const basics = new Map(body['basics'].map((one: TestBody) => [one['id'], one['isDone']]));
  expect(basics.get('public-url')).toBe(false);
  expect(basics.get('legal-sender')).toBe(true);
});

test('a step at a provider is noted once and taken back; one that is not there is refused', async () => {
  const { project } = await projectWithFlow();
  const put = (task: string, isDone: boolean) => project.put(`/go-live/tasks/${task}`, { isDone });
  const doneAt = async () => {
    const { body } = await project.get('/go-live');
    return channelOf(body, 'sms')['connectors'][0]['tasks'][0]['doneAt'];
  };
  expect(await doneAt()).toBe(null);
  expect((await put('twilio/account', true)).status).toBe(204);
  const first = await doneAt();
  expect(first).toMatch(/^20/);
  await put('twilio/account', true);
  expect(await doneAt()).toBe(first);
  await put('twilio/account', false);
  expect(await doneAt()).toBe(null);
  expect((await put('twilio/nothing', true)).status).toBe(404);
  expect((await put('constructor/name', true)).status).toBe(404);
});

test('R104 going live copies flows, pages, releases, artists and segments as they are, and no fans', async () => {
  const { project, artist, release, flowId } = await projectWithFlow();
  const page = {
    slug: 'nightglass-night',
    releaseId: release['id'],
    artistId: artist['id'],
    title: 'Tonight',
  };
  const content = { ...page, text: 'Be there.', parts: ['streaming', 'sms'], palette: 'plain' };
  const { id: pageId } = (await project.post('/pages', content)).body;
  await project.put(`/pages/${pageId}`, { version: 1, isPublished: true });
  await sql`update project set body_months = 7 where id = ${project.projectId}`.execute(api.db);
  await addNumber(api, project, '+16195550101');
  await sql`insert into fan (project_id, id, created_at) values (${project.projectId}, ${newId()}, now())`.execute(
    api.db,
  );
  const owner = await api.addPerson(project, 'owner');
  await owner.put('/go-live/tasks/twilio/account', { isDone: true });
  const [made, again] = await Promise.all([owner.post('/go-live/project'), owner.post('/go-live/project')]);
  expect(made.status).toBe(200);
  expect(again.body).toEqual(made.body);
  const liveId = String(made.body['id']);
  expect((await owner.get('/go-live')).body['liveProject']).toEqual(made.body);
  expect(
    await Promise.all(['fan', 'address', 'consent', 'save', 'loan'].map((table) => countOf(table, liveId))),
  ).toEqual([0, 0, 0, 0, 0]);
  const headers = { cookie: owner.cookie, [projectHeader]: liveId };
  const live = {
    get: (path: string) => api.call(headers, 'GET', path),
    post: (path: string) => api.call(headers, 'POST', path),
  };
  const [flow] = (await live.get('/flows')).body['items'];
  expect(flow).toMatchObject({ name: 'Pre-save', state: 'draft', version: 1 });
  expect(flow['id']).not.toBe(flowId);
  const [copied] = (await live.get('/releases')).body['items'];
  expect(copied).toMatchObject({ title: 'Nightglass', releaseAt: soon, services: [{ service: 'spotify' }] });
  expect(copied['id']).not.toBe(release['id']);
  expect(flow['steps'][0]['config']).toEqual({ releaseId: copied['id'] });
  const { rows } = await sql`select body_months from project where id = ${liveId}`.execute(api.db);
  expect(rows).toEqual([{ body_months: 7 }]);
  const [artistCopied] = (await live.get('/artists')).body['items'];
  const pages = (await live.get('/pages')).body['items'];
  expect(pages).toHaveLength(1);
  // The address may be printed already: it stays with the page that has it.
  expect(pages[0]).toMatchObject({
    ...content,
    slug: 'nightglass-night-2',
    releaseId: copied['id'],
    artistId: artistCopied['id'],
    isPublished: false,
  });
  expect((await project.get(`/pages/${pageId}`)).body).toMatchObject({
    ...content,
    isPublished: true,
  });
  expect((await live.get('/go-live')).body).toMatchObject({ isLive: true, liveProject: null });
  expect(channelOf((await live.get('/go-live')).body, 'sms')['connectors'][0]['tasks'][0]['doneAt']).toMatch(
    /^20/,
  );
  expect((await live.post('/go-live/project')).status).toBe(409);
});

test('R89 going live is a manager’s; a step is noted by who may connect', async () => {
  const { project } = await projectWithFlow();
  const marketer = await api.addPerson(project, 'marketer');
  expect((await marketer.post('/go-live/project')).status).toBe(403);
  expect((await marketer.put('/go-live/tasks/twilio/account', { isDone: true })).status).toBe(403);
  expect((await marketer.get('/go-live')).status).toBe(200);
});
