import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { startApi, statusesOf } from '#http/testing.ts';
import { addPerson, cookieHeader, testPassword } from './testing.ts';
import { createSignIn } from './sign-in-links.ts';

const api = await startApi();
const { auth, db } = api;

async function send(
  method: string,
  path: string,
  options: { cookie?: string; body?: unknown; header?: string } = {},
) {
  const { cookie, body, header = 'none' } = options;
  const response = await api.app.request(`/api/v1${path}`, {
    method,
    headers: { ...(cookie && { cookie }), ...(header !== '' && { 'segue-project': header }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const set = response.headers.getSetCookie();
  return {
    status: response.status,
    body: (text === '' ? {} : JSON.parse(text)) as Record<string, any>, // oxlint-disable-line typescript/no-explicit-any -- what tests look at
    set,
    cookie: cookieHeader(set),
    retryAfter: response.headers.get('retry-after'),
  };
}

const signIn = (email: string, password = testPassword) =>
  send('POST', '/session', { body: { email, password } });

describe('a one-time link', () => {
  test('makes the first owner of an account, who sets name, e-mail and password, and comes back with them', async () => {
    const { accountId } = await api.addProject();
    const { token } = await createSignIn(db, { accountId, now: new Date() });
    const opened = await api.app.request(`/sign-in/${token}`);
    expect(opened.status).toBe(303);
    const cookie = cookieHeader(opened.headers.getSetCookie());
    const before = (await send('GET', '/me', { cookie })).body;
    expect(before).toMatchObject({ role: 'owner', person: { email: null, isSetUp: false } });
    const details = { name: 'Ada', email: 'Ada@Example.com', password: 'quite a long one' };
    expect(
      (await send('POST', '/me/set-up', { cookie, body: { ...details, password: 'short' } })).status,
    ).toBe(422);
    expect((await send('POST', '/me/set-up', { cookie, body: details })).status).toBe(204);
    expect((await send('POST', '/me/set-up', { cookie, body: details })).status).toBe(422);
    const back = await signIn('ada@example.com', details.password);
    expect(back).toMatchObject({ status: 200, body: { state: 'signed_in' } });
    expect((await send('GET', '/me', { cookie: back.cookie })).body).toMatchObject({
      person: { name: 'Ada', email: 'ada@example.com', isSetUp: true, mayResetPassword: false },
    });
    // A later link is the same owner's: no second one is made.
    const again = await createSignIn(db, { accountId, now: new Date() });
    const second = await api.app.request(`/sign-in/${again.token}`);
    const me = await send('GET', '/me', { cookie: cookieHeader(second.headers.getSetCookie()) });
    expect(me.body['person']).toMatchObject({ name: 'Ada', mayResetPassword: true });
  });

  test('two links of one account opened at once make one owner', async () => {
    const { accountId } = await api.addProject();
    const links = await Promise.all([1, 2].map(() => createSignIn(db, { accountId, now: new Date() })));
    const answers = await Promise.all(links.map(async ({ token }) => api.app.request(`/sign-in/${token}`)));
    expect(statusesOf(answers)).toEqual([303, 303]);
    const { rows } = await sql`select 1 from member where account_id = ${accountId}`.execute(db);
    expect(rows).toHaveLength(1);
  });

  test('is good for nothing once its person left the account', async () => {
    const { accountId } = await api.addProject();
    const { userId } = await addPerson(api, { accountId, role: 'viewer' });
    const { token } = await createSignIn(db, { accountId, userId, now: new Date() });
    await sql`delete from member where user_id = ${userId}`.execute(db);
    expect((await api.app.request(`/sign-in/${token}`)).status).toBe(404);
  });
});

describe('a password', () => {
  test('that is wrong, or of nobody, is refused in the same words and time class', async () => {
    const { accountId } = await api.addProject();
    const { email } = await addPerson(api, { accountId, role: 'viewer' });
    const wrong = await signIn(email, 'not the right one');
    const nobody = await signIn('nobody@example.com');
    expect(wrong.status).toBe(422);
    expect(wrong.body['errors']).toMatchObject([{ path: 'password' }]);
    expect(wrong.set).toEqual([]);
    expect(nobody.body).toEqual(wrong.body);
  });

  test('cannot be guessed: the eleventh attempt waits, also when many come at once', async () => {
    const { accountId } = await api.addProject();
    const { email } = await addPerson(api, { accountId, role: 'viewer' });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => signIn(email, `guess number ${at}`)),
    );
    expect(statusesOf(answers)).toEqual([...Array.from({ length: 10 }, () => 422), 429, 429]);
    const right = await signIn(email);
    expect(right.status).toBe(429);
    expect(Number(right.retryAfter)).toBeGreaterThan(600);
    await sql`update attempt set ends_at = now() - interval '1 second'`.execute(db);
    expect((await signIn(email)).status).toBe(200);
  });

  test('is changed with the old one; other sessions end, this one goes on', async () => {
    const { accountId } = await api.addProject();
    const { email } = await addPerson(api, { accountId, role: 'marketer' });
    const here = (await signIn(email)).cookie;
    const elsewhere = (await signIn(email)).cookie;
    const change = (body: object) => send('PUT', '/me/password', { cookie: here, body });
    expect((await change({ newPassword: 'another long one' })).body['errors']).toMatchObject([
      { path: 'currentPassword', code: 'required' },
    ]);
    expect((await change({ newPassword: 'another long one', currentPassword: 'no' })).status).toBe(422);
    expect((await change({ newPassword: 'another long one', currentPassword: testPassword })).status).toBe(
      204,
    );
    expect((await send('GET', '/me', { cookie: here })).status).toBe(200);
    expect((await send('GET', '/me', { cookie: elsewhere })).status).toBe(401);
    expect((await signIn(email)).status).toBe(422);
    expect((await signIn(email, 'another long one')).status).toBe(200);
  });

  test('that was forgotten is set anew after a link from a colleague', async () => {
    const { accountId } = await api.addProject();
    const owner = await addPerson(api, { accountId, role: 'owner' });
    const { userId, email } = await addPerson(api, { accountId, role: 'viewer' });
    const { status, body } = await send('POST', `/members/${userId}/sign-in-link`, { cookie: owner.cookie });
    expect(status).toBe(201);
    const opened = await api.app.request(new URL(body['url']).pathname);
    const cookie = cookieHeader(opened.headers.getSetCookie());
    const changed = await send('PUT', '/me/password', { cookie, body: { newPassword: 'a new long one' } });
    expect(changed.status).toBe(204);
    expect((await signIn(email, 'a new long one')).status).toBe(200);
  });
});

describe('a session', () => {
  test('sets a cookie that scripts cannot read and other sites’ forms do not send', async () => {
    const { accountId } = await api.addProject();
    const { email } = await addPerson(api, { accountId, role: 'viewer' });
    const [cookie = ''] = (await signIn(email)).set;
    expect(cookie).toMatch(/^segue_session=/);
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
  });

  test('ends by signing out, and once it is too old: 401 as a problem', async () => {
    const { accountId } = await api.addProject();
    const { email, userId } = await addPerson(api, { accountId, role: 'viewer' });
    const { cookie } = await signIn(email);
    const out = await send('DELETE', '/session', { cookie });
    expect([out.status, out.cookie]).toEqual([204, '']);
    expect((await send('GET', '/me', { cookie })).status).toBe(401);
    const second = (await signIn(email)).cookie;
    await sql`update auth.session set "expiresAt" = now() - interval '1 second' where "userId" = ${userId}`.execute(
      db,
    );
    const expired = await send('GET', '/me', { cookie: second });
    expect(expired).toMatchObject({ status: 401, body: { code: 'unauthorized', status: 401 } });
  });

  test('with a changed cookie is none', async () => {
    const { accountId } = await api.addProject();
    const { cookie } = await addPerson(api, { accountId, role: 'owner' });
    expect((await send('GET', '/me', { cookie: cookie.replace(/.$/, 'x') })).status).toBe(401);
  });

  test('changes nothing without the header that no other site can send, nor does a sign-in', async () => {
    const { accountId } = await api.addProject();
    const { cookie, email } = await addPerson(api, { accountId, role: 'owner' });
    expect((await send('DELETE', '/me/sessions', { cookie, header: '' })).status).toBe(403);
    expect((await send('DELETE', '/me/sessions', { cookie })).status).toBe(204);
    const forged = await send('POST', '/session', { body: { email, password: testPassword }, header: '' });
    expect(forged.status).toBe(403);
  });
});

describe('a second factor', () => {
  test('is switched on with a first code, asked for from then on, bounded, and switched off', async () => {
    const { accountId } = await api.addProject();
    const { email, cookie: first } = await addPerson(api, { accountId, role: 'owner' });
    const begun = await send('POST', '/me/two-factor', { cookie: first, body: { password: testPassword } });
    expect(begun.status).toBe(200);
    expect(begun.body['qrCode']).toContain('<svg');
    const secret = new URL(begun.body['uri'] as string).searchParams.get('secret') ?? '';
    // Not on before a code was right.
    expect((await signIn(email)).body['state']).toBe('signed_in');
    expect(
      (await send('POST', '/me/two-factor/confirm', { cookie: first, body: { code: '000000' } })).status,
    ).toBe(422);
    const on = await send('POST', '/me/two-factor/confirm', {
      cookie: first,
      body: { code: codeNow(secret) },
    });
    expect(on.status).toBe(204);
    const asked = await signIn(email);
    expect(asked.body['state']).toBe('code_needed');
    expect((await send('GET', '/me', { cookie: asked.cookie })).status).toBe(401);
    const withCode = (code: string, kind = 'app') =>
      send('POST', '/session/code', { cookie: asked.cookie, body: { code, kind } });
    expect((await withCode('000000')).status).toBe(422);
    const inside = await withCode(codeNow(secret));
    expect(inside.status).toBe(200);
    expect((await send('GET', '/me', { cookie: inside.cookie })).body['person']).toMatchObject({
      hasTwoFactor: true,
    });
    const recovery = await signIn(email);
    const code = begun.body['recoveryCodes'][0] as string;
    const recovered = await send('POST', '/session/code', {
      cookie: recovery.cookie,
      body: { code, kind: 'recovery' },
    });
    expect(recovered.status).toBe(200);
    const off = await send('POST', '/me/two-factor/disable', {
      cookie: recovered.cookie,
      body: { password: testPassword },
    });
    expect(off.status).toBe(204);
    expect((await signIn(email)).body['state']).toBe('signed_in');
  });
});

test('the library’s tables are those that it asks for', async () => {
  const { explicitSchemaCheck } = await auth.$context;
  expect(explicitSchemaCheck).toBeDefined();
  await explicitSchemaCheck?.();
});

/** RFC 6238, as an app on a phone computes it. */
function codeNow(secret: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = secret
    .split('')
    .map((one) => letters.indexOf(one).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const moment = Buffer.alloc(8);
  moment.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(moment).digest();
  const number = digest.readUInt32BE((digest.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}
