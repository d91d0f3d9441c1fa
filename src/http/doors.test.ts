import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createApiKey, revokeApiKey } from '#accounts/create.ts';
import { createSignIn } from '#people/sign-in-links.ts';
import { apiPrefix, type Endpoint } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';
import { apiRoutes } from './api.ts';
import { startApi, statusesOf } from './testing.ts';

const api = await startApi();
const project = await api.addProject();

function isEndpoint(value: unknown): value is Endpoint {
  return (
    typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'scope' in value
  );
}

async function declaredEndpoints(): Promise<Endpoint[]> {
  const files = globSync('src/**/contract.ts', { cwd: new URL('../..', import.meta.url) });
  const contracts = await Promise.all(
    files.map((file) => import(new URL(`../../${file}`, import.meta.url).href)),
  );
  return contracts.flatMap((contract) => Object.values(contract as object).filter(isEndpoint));
}

describe('endpoints', () => {
  test('every one that a contract declares is mounted, once', async () => {
    const declared = (await declaredEndpoints()).map(({ method, path }) => `${method} ${path}`);
    // As: nothing is called, only listed.
    const mounted = apiRoutes({ ...api, publicUrl: () => '' } as never).map(
      ({ endpoint }) => `${endpoint.method} ${endpoint.path}`,
    );
    expect(declared.length).toBeGreaterThan(25);
    expect([...mounted].sort()).toEqual([...declared].sort());
    expect(new Set(mounted).size).toBe(mounted.length);
  });

  test('every one asks for a key or a session, but for those that come before a sign-in', async () => {
    const isOpen = ({ isPublic }: Endpoint) => isPublic === true;
    const open = (await declaredEndpoints()).filter(isOpen).map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      'DELETE /session',
      'POST /invitations/accept',
      'POST /invitations/look',
      'POST /session',
      'POST /session/code',
    ]);
    for (const { method, path } of (await declaredEndpoints()).filter((one) => !isOpen(one))) {
      const { status, body } = await api.call(null, method, path.replaceAll(/\{\w+\}/g, newId()));
      expect([method, path, status, body['code']]).toEqual([method, path, 401, 'unauthorized']);
    }
  });

  test('every one with an id answers 404 for an id of nothing and for what is no id', async () => {
    for (const { method, path, body, scope } of await declaredEndpoints()) {
      if (!path.includes('{id}') || body !== undefined || scope === null) continue;
      for (const id of [newId(), 'x', '%00', 'A'.repeat(300)]) {
        const answer = await api.call(project.key, method, path.replace('{id}', id));
        expect([method, path, id, answer.status]).toEqual([method, path, id, 404]);
      }
    }
  });

  test('the OpenAPI document describes all of them', async () => {
    const response = await api.app.request(`${apiPrefix}/openapi.json`);
    const document = (await response.json()) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.slice(apiPrefix.length)}`),
    );
    const declared = (await declaredEndpoints()).map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(declared.sort());
    const text = JSON.stringify(document);
    expect(text).toContain('"const":"sms.keyword"');
    expect(text).toContain('keywords');
  });

  test('the page lists all of them and reaches no other host', async () => {
    const response = await api.app.request('/api/docs');
    const page = await response.text();
    for (const { path } of await declaredEndpoints()) expect(page).toContain(`${apiPrefix}${path}`);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('keys', () => {
  test('an unknown or a malformed key is 401, as a problem document', async () => {
    for (const key of ['nope', 'a b', '']) {
      const { status, headers, body } = await api.call(key, 'GET', '/flows');
      expect(status).toBe(401);
      expect(headers.get('content-type')).toBe('application/problem+json');
      expect(body).toMatchObject({ status: 401, code: 'unauthorized', title: expect.any(String) });
      expect(body['type']).toBe('http://127.0.0.1:3000/api/docs#unauthorized');
    }
  });

  test('a key without the scope is 403', async () => {
    const { post, get } = await api.addProject({ scopes: ['read'] });
    expect((await post('/segments', { name: 'x' })).status).toBe(403);
    expect((await get('/segments')).status).toBe(200);
  });

  test('a revoked key is refused within a second', async () => {
    const { keyId, key } = await createApiKey(api.db, { projectId: project.projectId, name: 'short' });
    expect((await api.call(key, 'GET', '/flows')).status).toBe(200);
    await revokeApiKey(api.db, project.projectId, keyId, new Date());
    await expect
      .poll(async () => (await api.call(key, 'GET', '/flows')).status, { timeout: 1_500 })
      .toBe(401);
  });
});

describe('bodies', () => {
  test('what is no JSON is 400 invalid', async () => {
    for (const body of ['{', '{"a":', 'null,', '\u00ff{']) {
      const { status, body: problem } = await project.post('/segments', body);
      expect([status, problem['code']]).toEqual([400, 'invalid']);
    }
    const response = await api.app.request('/api/v1/segments', {
      method: 'POST',
      headers: { authorization: `Bearer ${project.key}` },
      body: Buffer.from([0x7b, 0x22, 0xff, 0xfe]),
    });
    expect(response.status).toBe(400);
  });

  test('JSON of another kind is 422', async () => {
    for (const body of ['null', '3', '[]', '"x"', 'true']) {
      expect((await project.post('/segments', body)).status).toBe(422);
    }
  });

  test('more than 256 KB is 413, said or not said in the header', async () => {
    const large = JSON.stringify({ name: 'x'.repeat(256 * 1024) });
    expect((await project.post('/segments', large)).body).toMatchObject({ status: 413, code: 'too_large' });
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(64 * 1024).fill(0x20));
      },
    });
    const request = { method: 'POST', headers: { authorization: `Bearer ${project.key}` }, body: stream };
    const response = await api.app.request('/api/v1/segments', { ...request, duplex: 'half' });
    expect(response.status).toBe(413);
  });

  test('nesting without end is 400, not a crash', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await project.post('/segments', deep)).status).toBe(400);
  });

  test('an unknown field is 422 and named, in bodies and queries', async () => {
    const { status, body } = await project.post('/segments', { name: 'New', colour: 'red', __proto__x: 1 });
    expect(status).toBe(422);
    expect(body['errors']).toContainEqual({
      path: 'colour',
      code: 'unknown_field',
      message: expect.any(String),
    });
    expect((await project.get('/segments?limit=2&colour=red')).status).toBe(422);
    expect((await project.get('/usage?x=1')).status).toBe(422);
  });

  test('NUL is removed, lone surrogates are replaced, emoji and Arabic stay', async () => {
    const { status, body } = await project.post('/segments', '{"name":"a\\u0000b \\ud83d x 🎵 مرحبا"}');
    expect(status).toBe(201);
    expect(body['name']).toBe('ab \ufffd x 🎵 مرحبا');
  });

  test('text that is only blanks is 422', async () => {
    expect((await project.post('/segments', { name: '  \u0000 ' })).status).toBe(422);
  });
});

const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';
const signIn = async (token: string, method = 'GET') => api.app.request(`/sign-in/${token}`, { method });

describe('sessions', () => {
  test('a sign-in link works once and leads to the first page', async () => {
    const { token } = await createSignIn(api.db, { accountId: project.accountId, now: new Date() });
    expect((await signIn(token, 'HEAD')).headers.get('set-cookie')).toBeNull();
    const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(token)));
    expect(statusesOf(answers)).toEqual([303, 404, 404, 404, 404]);
    const opened = answers.find((one) => one.status === 303)!;
    expect(opened.headers.get('location')).toBe('/');
    expect(opened.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax|SameSite=Lax.*HttpOnly/i);
    const home = await api.app.request('/', { headers: { cookie: cookieOf(opened) } });
    expect(await home.text()).toContain('Signed in to <strong>Luna</strong>');
  });

  test('a link older than 15 minutes does nothing', async () => {
    const now = new Date(Date.now() - 16 * 60_000);
    const { token } = await createSignIn(api.db, { accountId: project.accountId, now });
    expect((await signIn(token)).status).toBe(404);
  });

  test('a session reads its account’s projects, and writes only with the project header', async () => {
    const { token } = await createSignIn(api.db, { accountId: project.accountId, now: new Date() });
    const cookie = cookieOf(await signIn(token));
    const other = await api.addProject();
    const call = (method: string, headers: Record<string, string>, body?: string) =>
      api.app.request('/api/v1/segments', {
        method,
        headers: { cookie, ...headers },
        ...(body ? { body } : {}),
      });
    const segment = JSON.stringify({ name: `by hand ${newId()}` });
    expect((await call('GET', {})).status).toBe(200);
    expect((await call('POST', {}, segment)).status).toBe(403);
    expect((await call('POST', { 'segue-project': project.projectId }, segment)).status).toBe(201);
    expect((await call('GET', { 'segue-project': other.projectId })).status).toBe(403);
    expect((await call('GET', { 'segue-project': 'x' })).status).toBe(403);
    expect((await api.app.request('/api/v1/flows', { headers: { cookie: 'segue_session=x' } })).status).toBe(
      401,
    );
  });

  test('a stranger sees what Segue is and where the API is', async () => {
    const page = await (await api.app.request('/')).text();
    expect(page).toContain('href="/api/docs"');
    expect(page).toContain('not signed in');
  });
});

describe('other doors', () => {
  test('an unknown one is a 404 problem', async () => {
    const { status, body } = await project.get('/nothing');
    expect([status, body['code']]).toEqual([404, 'not_found']);
  });

  test('health says that the process answers, readiness what it lacks', async () => {
    expect((await api.app.request('/healthz')).status).toBe(200);
    const ready = async () => (await api.app.request('/readyz')).json();
    // A machine that was slow for a moment is ready the next one.
    await expect
      .poll(ready)
      .toEqual({ ok: true, checks: { migrated: true, partitions: true, heartbeat: true } });
    api.readiness.isMigrated = false;
    const notReady = await api.app.request('/readyz');
    api.readiness.isMigrated = true;
    expect(notReady.status).toBe(503);
    expect(await notReady.json()).toMatchObject({ ok: false, checks: { migrated: false } });
  });

  test('metrics count what the engine did', async () => {
    api.metrics.observe({ queueAgeSeconds: () => Promise.resolve(1.5), inFlight: () => 2 });
    api.metrics.finished('done');
    const text = await (await api.app.request('/metrics')).text();
    expect(text).toContain('segue_outcomes_total{status="done"} 1');
    expect(text).toContain('segue_queue_age_seconds 1.5');
    expect(text).toContain('segue_in_flight 2');
  });
});
