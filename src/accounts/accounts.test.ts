import { globSync } from 'node:fs';
import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { startApi, statusesOf, type TestProject } from '#http/testing.ts';
import type { Endpoint } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';

const api = await startApi();
let project: TestProject;
beforeAll(async () => {
  project = await api.addProject();
});

const person = (role: 'viewer' | 'marketer' | 'manager' | 'owner', of = project) => api.addPerson(of, role);

async function allEndpoints(): Promise<Endpoint[]> {
  const files = globSync('src/**/contract.ts', { cwd: new URL('../..', import.meta.url) });
  const contracts = await Promise.all(
    files.map((file) => import(new URL(`../../${file}`, import.meta.url).href)),
  );
  return contracts
    .flatMap((contract) => Object.values(contract as Record<string, Partial<Endpoint> | undefined>))
    .filter((one): one is Endpoint => one?.method !== undefined && one.permission !== undefined);
}

/** What a viewer may send besides reading: her own things, when she last looked, and questions about what a flow or a text would do. */
const viewersOwn =
  /^\S+ \/(me(\/.*)?|home\/visit|messages\/preview|flow-conflicts|flow-forecasts|flow-previews(\/email)?|pages\/preview)$/;
/** Texts and mails as they were sent may name addresses anywhere in their words. */
const showsWords = /^GET \/runs\/\{id\}\/messages$/;
/** What is a manager's. */
const managing =
  /^(\S+ \/(keys|invitations|audit|webhook-endpoints)|POST \/fans\/\{id\}\/erase|(POST|PUT|DELETE) \/(account\/opt-outs|connections|connection-sign-ins|email-senders|embedding|sending\/resume|usage\/(limits|budgets|prices)|members|projects|go-live))\b/;

/** What an owner alone may. */
const owners = /^(POST \/evidence|PUT \/plan|GET \/plan\/choices)$/;

describe('R89 roles', () => {
  test('R89 a viewer changes and sends nothing, a marketer manages nothing, a manager may call every door but the owner’s', async () => {
    const [viewer, marketer, manager] = await Promise.all([
      person('viewer'),
      person('marketer'),
      person('manager'),
    ]);
    const doors = (await allEndpoints()).filter(
      ({ isPublic, streams }) => isPublic !== true && streams !== true,
    );
    expect(doors.length).toBeGreaterThan(50);
    const [refused, wanted]: [unknown[], unknown[]] = [[], []];
    for (const { method, path } of doors) {
      const name = `${method} ${path}`;
      const isManaging = managing.test(name);
      const isOwners = owners.test(name);
      const isShown = method === 'GET' && !isManaging && !isOwners && !showsWords.test(name);
      const mayView = isShown || viewersOwn.test(name);
      const url = path.replaceAll(/\{\w+\}/g, newId());
      const statuses = [];
      for (const who of [viewer, marketer, manager])
        statuses.push((await who.call(method, url)).status === 403);
      refused.push([name, ...statuses]);
      wanted.push([name, !mayView, isManaging || isOwners, isOwners]);
    }
    expect(refused).toEqual(wanted);
  });

  test('R89 a viewer reads numbers and e-mail addresses cut, also where they stand in a sentence', async () => {
    const { rows } = await sql<{ id: string }>`
      insert into fan (project_id, id, created_at) values (${project.projectId}, ${newId()}, now()) returning id`.execute(
      api.db,
    );
    const fanId = rows[0]?.id ?? '';
    await sql`insert into address (project_id, channel, value, fan_id, created_at)
      values (${project.projectId}, 'sms', '+13035550142', ${fanId}, now()),
             (${project.projectId}, 'email', 'maya@example.com', ${fanId}, now())`.execute(api.db);
    const [viewer, marketer] = [await person('viewer'), await person('marketer')];
    const seen = await viewer.get(`/fans/${fanId}`);
    expect(seen.body).toMatchObject({ phone: '+•••••••••42', email: 'm•••@example.com' });
    expect(JSON.stringify(seen.body)).not.toMatch(/3035550142|maya@/);
    expect(seen.body['connectUrl']).toMatch(/\/c\/•••$/);
    const full = await marketer.get(`/fans/${fanId}`);
    expect(full.body).toMatchObject({ phone: '+13035550142', email: 'maya@example.com' });
  });

  test('R89 only owners make, unmake and remove owners, and one always stays', async () => {
    const own = await api.addProject();
    const [owner, manager, viewer] = [
      await person('owner', own),
      await person('manager', own),
      await person('viewer', own),
    ];
    expect((await manager.put(`/members/${viewer.userId}`, { role: 'marketer' })).body).toMatchObject({
      role: 'marketer',
    });
    expect((await manager.put(`/members/${viewer.userId}`, { role: 'owner' })).status).toBe(403);
    expect((await manager.put(`/members/${owner.userId}`, { role: 'viewer' })).status).toBe(403);
    expect((await manager.del(`/members/${owner.userId}`)).status).toBe(403);
    expect((await manager.post(`/members/${owner.userId}/sign-in-link`)).status).toBe(403);
    expect((await manager.post('/invitations', { role: 'owner' })).status).toBe(403);
    const last = await owner.put(`/members/${owner.userId}`, { role: 'viewer' });
    expect([last.status, last.body['errors']]).toMatchObject([422, [{ code: 'last_owner' }]]);
    const second = await person('owner', own);
    const both = await Promise.all([
      owner.del(`/members/${second.userId}`),
      second.del(`/members/${owner.userId}`),
    ]);
    // Of two who remove each other at once one stays; the other is gone, or was told so.
    expect(both.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  test('a role that was changed or taken away counts from the next request on', async () => {
    const [owner, marketer] = [await person('owner'), await person('marketer')];
    expect((await marketer.post('/segments', { name: 'One' })).status).toBe(201);
    await owner.put(`/members/${marketer.userId}`, { role: 'viewer' });
    expect((await marketer.post('/segments', { name: 'Two' })).status).toBe(403);
    await owner.del(`/members/${marketer.userId}`);
    expect((await marketer.get('/segments')).status).toBe(403);
  });
});

describe('R88 other accounts', () => {
  test('R88 projects, people, keys and invitations of another account do not exist', async () => {
    const other = await api.addProject();
    const stranger = await person('owner', other);
    const owner = await person('owner');
    const { body: invitation } = await owner.post('/invitations', { role: 'viewer' });
    for (const [method, path] of [
      ['GET', `/projects/${project.projectId}`],
      ['PUT', `/projects/${project.projectId}`],
      ['DELETE', `/members/${owner.userId}`],
      ['POST', `/members/${owner.userId}/sign-in-link`],
      ['DELETE', `/keys/${project.keyId}`],
      ['DELETE', `/invitations/${invitation['id']}`],
    ] as const) {
      expect([path, (await stranger.call(method, path, method === 'PUT' ? {} : undefined)).status]).toEqual([
        path,
        404,
      ]);
    }
    const header = { cookie: stranger.cookie, 'segue-project': project.projectId };
    expect((await api.call(header, 'GET', '/segments')).status).toBe(403);
    expect((await stranger.get('/members')).body['items']).toHaveLength(1);
    // A key knows its own project only, though its account has others.
    const sibling = await api.addProject({ accountId: project.accountId });
    expect((await project.get(`/projects/${sibling.projectId}`)).status).toBe(404);
    expect((await project.get(`/projects/${project.projectId}`)).status).toBe(200);
  });
});

describe('projects', () => {
  test('a name and a kind are enough to make one', async () => {
    const owner = await person('owner', await api.addProject());
    const made = await owner.post('/projects', { name: 'Luna Vale', isLive: false });
    expect(made).toMatchObject({ status: 201, body: { name: 'Luna Vale', legalSender: 'Luna Vale' } });
  });

  test('are made live or test, changed, and listed newest first', async () => {
    const own = await api.addProject();
    const owner = await person('owner', own);
    const made = await owner.post('/projects', {
      name: 'Nova Reyes',
      isLive: true,
      zone: 'Europe/Berlin',
      monthlyCap: 4,
    });
    expect(made).toMatchObject({
      status: 201,
      body: { isLive: true, zone: 'Europe/Berlin', monthlyCap: 4, programme: 'Nova Reyes' },
    });
    const id = made.body['id'] as string;
    expect((await owner.get('/projects')).body['items'].map((one: { id: string }) => one.id)).toEqual([
      id,
      own.projectId,
    ]);
    const changed = await owner.put(`/projects/${id}`, {
      name: 'Nova',
      countries: ['US', 'CA'],
      answersUnmatched: false,
    });
    expect(changed.body).toMatchObject({
      name: 'Nova',
      countries: ['US', 'CA'],
      answersUnmatched: false,
      zone: 'Europe/Berlin',
    });
    for (const wrong of [
      { zone: 'Mars/Base' },
      { countries: ['usa'] },
      { monthlyCap: 0 },
      { isLive: false },
      { name: ' ' },
    ]) {
      expect([wrong, (await owner.put(`/projects/${id}`, wrong)).status]).toEqual([wrong, 422]);
    }
    const me = await owner.get('/me');
    expect(me.body['projects'].map((one: { name: string }) => one.name)).toEqual(['Luna Vale', 'Nova']);
  });
});

describe('keys', () => {
  test('are shown once, listed without themselves, and end', async () => {
    const own = await api.addProject();
    const owner = await person('owner', own);
    const made = await owner.post('/keys', { name: 'Shop', scopes: ['read'] });
    expect(made.status).toBe(201);
    const key = made.body['key'] as string;
    expect((await api.call(key, 'GET', '/segments')).status).toBe(200);
    expect((await api.call(key, 'POST', '/segments', { name: 'x' })).status).toBe(403);
    // A key makes no keys, whatever its scopes: it could give itself more.
    expect((await own.post('/keys', { name: 'More', scopes: ['consent:write'] })).status).toBe(403);
    const listed = await owner.get('/keys');
    expect(listed.body['items']).toMatchObject([
      { name: 'Shop', scopes: ['read'], revokedAt: null },
      { name: 'test' },
    ]);
    expect(JSON.stringify(listed.body)).not.toContain(key);
    expect((await owner.del(`/keys/${made.body['id']}`)).status).toBe(204);
    expect((await owner.del(`/keys/${made.body['id']}`)).status).toBe(204);
    await expect
      .poll(async () => (await api.call(key, 'GET', '/segments')).status, { timeout: 3_000 })
      .toBe(401);
  });
});

describe('invitations', () => {
  const accept = (token: string, more: object = {}, headers: Record<string, string> = {}) =>
    api.call({ 'segue-project': 'none', ...headers }, 'POST', '/invitations/accept', { token, ...more });
  const newcomer = () => ({
    person: { name: 'Zoe', email: `${newId()}@example.com`, password: 'long enough to pass' },
  });

  async function invite(role: string) {
    const own = await api.addProject();
    const owner = await person('owner', own);
    const { body } = await owner.post('/invitations', { role, note: 'Zoe from the label' });
    return { own, owner, id: body['id'] as string, token: (body['url'] as string).split('#').at(-1) ?? '' };
  }

  test('let one new person in, once', async () => {
    const { token, owner } = await invite('marketer');
    const look = await api.call({ 'segue-project': 'none' }, 'POST', '/invitations/look', { token });
    expect(look.body).toMatchObject({ accountName: 'Luna', role: 'marketer' });
    expect((await accept(token)).status).toBe(422);
    const answers = await Promise.all([accept(token, newcomer()), accept(token, newcomer())]);
    expect(statusesOf(answers)).toEqual([204, 404]);
    const cookie =
      answers
        .find(({ status }) => status === 204)
        ?.headers.get('set-cookie')
        ?.split(';')[0] ?? '';
    expect((await api.call({ cookie }, 'GET', '/me')).body).toMatchObject({
      role: 'marketer',
      person: { name: 'Zoe' },
    });
    expect((await owner.get('/members')).body['items']).toHaveLength(2);
    expect((await owner.get('/invitations')).body['items']).toEqual([]);
  });

  test('take somebody who is signed in into a second account, whose projects she then sees', async () => {
    const { token, own } = await invite('viewer');
    const { cookie, get } = await person('owner');
    expect((await accept(token, {}, { cookie })).status).toBe(204);
    const ids = (await get('/me')).body['projects'].map((one: { id: string }) => one.id);
    expect(ids).toContain(own.projectId);
    const there = await api.call({ cookie, 'segue-project': own.projectId }, 'GET', '/me');
    expect(there.body['role']).toBe('viewer');
  });

  test('of a taken address, withdrawn or too old ones make nobody', async () => {
    const { token, owner, id } = await invite('viewer');
    const known = await person('viewer');
    const taken = await accept(token, {
      person: { name: 'X', email: known.email, password: 'long enough to pass' },
    });
    expect([taken.status, taken.body['errors']]).toMatchObject([422, [{ code: 'taken' }]]);
    await sql`update invitation set expires_at = now() - interval '1 second' where id = ${id}`.execute(
      api.db,
    );
    expect((await accept(token, newcomer())).status).toBe(404);
    await sql`update invitation set expires_at = now() + interval '1 day' where id = ${id}`.execute(api.db);
    expect((await owner.del(`/invitations/${id}`)).status).toBe(204);
    expect((await accept(token, newcomer())).status).toBe(404);
    expect((await owner.get('/members')).body['items']).toHaveLength(1);
  });
});

describe('R90 the log', () => {
  test('R90 says who did what, with before and after, and is read with filters, newest first', async () => {
    const own = await api.addProject();
    const [owner, marketer] = [await person('owner', own), await person('marketer', own)];
    await marketer.post('/segments', { name: 'First row' });
    await owner.put(`/members/${marketer.userId}`, { role: 'manager' });
    await owner.put(`/projects/${own.projectId}`, { monthlyCap: 3 });
    const { items } = (await owner.get('/audit')).body;
    expect(items).toMatchObject([
      {
        action: 'project.edited',
        actor: { kind: 'person', id: owner.userId },
        before: { monthlyCap: 6 },
        after: { monthlyCap: 3 },
      },
      {
        action: 'member.role_changed',
        subject: `person:${marketer.userId}`,
        before: { role: 'marketer' },
        after: { role: 'manager' },
      },
      { action: 'segment.created', actor: { id: marketer.userId, name: expect.stringMatching(/^Person/) } },
    ]);
    const only = async (query: string) => (await owner.get(`/audit?${query}`)).body['items'].length;
    expect(await only('action=member')).toBe(1);
    expect(await only(`actor=person:${marketer.userId}`)).toBe(1);
    expect(await only(`subject=project:${own.projectId}`)).toBe(1);
    const first = (await owner.get('/audit?limit=2')).body;
    const second = (await owner.get(`/audit?limit=2&cursor=${first['nextCursor']}`)).body;
    expect(second['items']).toMatchObject([{ action: 'segment.created' }]);
    expect(second['nextCursor']).toBeNull();
  });

  test('R90 cannot be altered, emptied or deleted from', async () => {
    for (const statement of [
      sql`update audit_entry set action = 'nothing'`,
      sql`delete from audit_entry`,
      sql`truncate audit_entry`,
    ]) {
      await expect(statement.execute(api.db)).rejects.toThrow('cannot be altered');
    }
  });
});
