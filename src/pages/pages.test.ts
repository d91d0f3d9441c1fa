import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { serveFetch } from '#connectors/testing/serve.ts';
import { newId } from '#lib/ids.ts';
import { createLog } from '#lib/log.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createConnectLink } from '#releases/connect-links.ts';
import { allow, dayMs, sealer, setStage, type Stage } from '#releases/testing/stage.ts';
import type { ConsentBox, PagesDeps } from './deps.ts';
import type { Visit } from '#visits/visit-counter.ts';
import { createPages } from './pages.ts';

const { db } = await createTestDatabase();
let wallMs = Date.now();
const stages: { close(): Promise<void> }[] = [];
const stage = await open(await setStage(db));
const elsewhere = await open(await setStage(db));
const invited = await open(await setStage(db, { mode: 'development', namedTesters: ['mara@fans.example'] }));
afterAll(async () => {
  for (const one of stages) await one.close();
});
afterEach(() => stage.fake.setFault({ mode: 'ok' }));

/** The pages over a socket, as a browser that follows nothing by itself would see them. */
async function open(on: Stage, more: Partial<PagesDeps> = {}) {
  let base = '';
  const app = createPages({
    ...on,
    sealer,
    wall: { now: () => new Date(wallMs) },
    log: createLog({ level: 'silent' }),
    publicUrl: () => base,
    shortUrl: () => base,
    ...more,
  });
  const served = await serveFetch((request) => app.fetch(request));
  base = served.url;
  stages.push(on, served);
  const call = async (path: string, init: RequestInit = {}) => {
    const url = path.startsWith('http') ? path : base + path;
    const response = await fetch(url, { redirect: 'manual', ...init });
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      header: (name: string) => response.headers.get(name) ?? '',
      text: await response.text(),
    };
  };
  const post = (path: string, form: [string, string][] = [], headers: Record<string, string> = {}) =>
    call(path, { method: 'POST', body: new URLSearchParams(form), headers });
  return {
    ...on,
    url: base,
    get: (path: string, userAgent = 'Mozilla/5.0') => call(path, { headers: { 'user-agent': userAgent } }),
    post,
    async page(
      options: Parameters<Stage['addFan']>[0] = {},
      release?: Awaited<ReturnType<Stage['addRelease']>>,
    ) {
      const shown = release ?? (await on.addRelease());
      const fan = await on.addFan(options);
      const link = await createConnectLink(db, sealer, {
        projectId: on.projectId,
        fanId: fan,
        subject: { releaseId: shown.id, artistId: on.artistId },
        releaseAt: shown.releaseAt,
        now: on.now(),
      });
      return { fan, release: shown, ...link };
    },
    /** Ticks, signs in at the fake as that user, and comes back with what the browser is sent to. */
    async signIn(path: string, fan: string, purposes = ['release', 'follow'], decision = 'allow') {
      const started = await post(
        `${path}/spotify`,
        purposes.map((purpose) => ['purpose', purpose]),
      );
      const consent = await call(`${started.location}&user=user-${fan}&decision=${decision}`);
      return { started, callback: consent.location, done: await call(consent.location) };
    },
  };
}

const grantOf = async (fan: string) =>
  (
    await sql<{
      state: string;
      scopes: string[];
      tokens: Buffer | null;
      provider_account: string;
      display_name: string | null;
    }>`
      select state, scopes, tokens, provider_account, display_name from streaming_grant where fan_id = ${fan}`.execute(
      db,
    )
  ).rows[0];

const snapshot = async () =>
  (
    await sql<{ all: string }>`
      select (select count(*) from oauth_state)::text || (select coalesce(max(used_at)::text, '-') from oauth_state)
          || (select count(*) from purpose)::text || (select count(*) from streaming_grant)::text
          || (select count(*) from short_link)::text
          || (select count(*) from save)::text as all`.execute(db)
  ).rows[0]!.all;

describe('R120 the connect page', () => {
  test('R93 R114 under a short domain it leads to the pages’ own, and is counted for the step that sent it', async () => {
    const seen: Visit[] = [];
    const short = await open(await setStage(db), {
      shortUrl: () => 'https://sg.example',
      visits: { count: (visit) => void seen.push(visit) },
    });
    const { path, shortPath } = await short.page();
    const flowId = newId();
    await short.get(shortPath);
    expect(seen).toEqual([]);
    await sql`update short_link set flow_id = ${flowId}, position = 4 where code = ${shortPath.slice(3)}`.execute(
      db,
    );
    const phone =
      'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36';
    expect((await short.get(shortPath, phone)).location).toBe(short.url + path);
    await short.get(shortPath, 'facebookexternalhit/1.1');
    const visit = { projectId: short.projectId, subjectId: flowId, position: 4, via: 'link' };
    expect(seen).toMatchObject([
      { ...visit, isScanner: false },
      { ...visit, isScanner: true },
    ]);
  });

  test('a short link leads to it, and reading changes nothing', async () => {
    const { shortPath, path } = await stage.page({ phone: '+16195550142' });
    const before = await snapshot();
    const short = await stage.get(shortPath);
    expect([short.status, short.location]).toEqual([303, path]);
    const shown = await stage.get(path);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('For the phone ending 42');
    expect(shown.text).toContain('Nightglass');
    expect(shown.text).toContain('Luna Vale');
    expect(shown.text).not.toContain('5550142');
    await stage.get(`${path}/calendar.ics`);
    expect(await snapshot()).toBe(before);
  });

  test('R101 it is small, needs no script and no cookie, and no page of another host may frame it', async () => {
    const { path } = await stage.page();
    const { text, header } = await stage.get(path);
    expect(Buffer.byteLength(text)).toBeLessThan(50_000);
    expect(text).not.toMatch(/<script|\son\w+=/i);
    expect(header('set-cookie')).toBe('');
    const csp = header('content-security-policy');
    for (const part of [
      "default-src 'none'",
      "frame-ancestors 'self'",
      "base-uri 'none'",
      "form-action 'self'",
    ])
      expect(csp).toContain(part);
    expect(csp).not.toContain('unsafe');
    const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? '';
    expect(csp).toContain(`'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(header('referrer-policy')).toBe('no-referrer');
    expect(header('cache-control')).toBe('no-store');
  });

  test('R93 unknown, tampered and expired links name no artist', async () => {
    const { path, shortPath } = await stage.page();
    const tampered = path.slice(0, -1) + (path.endsWith('A') ? 'Q' : 'A');
    for (const wrong of [tampered, '/c/x', `${shortPath}x`, '/c/../../etc', `/c/${'%00'.repeat(8)}`]) {
      const answer = await stage.get(wrong);
      expect([wrong, answer.status]).toEqual([wrong, 404]);
      expect(answer.text).not.toContain('Luna Vale');
    }
    await sql`update short_link set expires_at = ${new Date(0)} where code = ${shortPath.slice(3)}`.execute(
      db,
    );
    const expired = await stage.get(path);
    expect(expired.status).toBe(410);
    expect(expired.text).not.toContain('Luna Vale');
    expect((await stage.post(`${path}/spotify`, [['purpose', 'release']])).status).toBe(410);
  });

  test('titles with markup are shown as text', async () => {
    const release = await stage.addRelease({ title: '<img src=x onerror=alert(1)> & "Nightglass"' });
    const { path } = await stage.page({}, release);
    const { text } = await stage.get(path);
    expect(text).not.toContain('<img');
    expect(text).toContain('&lt;img');
  });

  test('R100 NextSave is unticked and names its end; the pre-save is ticked', async () => {
    const { path } = await stage.page();
    const { text } = await stage.get(path);
    const box = (kind: string) => new RegExp(`<input[^>]*value="${kind}"[^>]*>`).exec(text)?.[0] ?? '';
    expect(box('release')).toContain('checked');
    expect(box('future')).not.toContain('checked');
    expect(text).toMatch(/until \d+ \w+ \d{4} at the latest/);
  });
});

describe('signing in', () => {
  test('links with the least scopes, keeps the words, and leads back to the page', async () => {
    const { path, fan } = await stage.page();
    const { started, done } = await stage.signIn(path, fan, ['release']);
    expect(started.status).toBe(303);
    const asked = new URL(started.location).searchParams;
    expect(asked.get('scope')).toBe('user-library-modify');
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect([done.status, done.location]).toEqual([303, `${path}?linked=spotify`]);
    expect(await grantOf(fan)).toMatchObject({ state: 'live', scopes: ['user-library-modify'] });
    const { rows } = await sql<{ kind: string; words: string }>`
      select kind, words from purpose where fan_id = ${fan}`.execute(db);
    expect(rows).toEqual([
      { kind: 'release', words: expect.stringContaining('Pre-save Nightglass') as string },
    ]);
    const back = await stage.get(done.location);
    expect(back.text).toContain('Spotify is linked');
    expect(back.text).toContain('Pre-saved on Spotify');
  });

  test('what was ticked is done even where no run waits for it', async () => {
    const { path, fan, release } = await stage.page();
    await stage.signIn(path, fan);
    expect(await stage.following(fan)).toHaveLength(1);
    const { rows } = await sql<{ kind: string; promise: string }>`
      select kind, promise from work where fan_id = ${fan}`.execute(db);
    expect(rows).toEqual([{ kind: 'save', promise: `${fan}:save:${release.id}:spotify` }]);
  });

  test('a step that waits is left to do it, and is woken', async () => {
    const { path, fan, release } = await stage.page();
    const promise = `${fan}:presave:${release.id}`;
    await sql`
      insert into work (project_id, id, kind, fan_id, due_at, promise)
      values (${stage.projectId}, gen_random_uuid(), 'step', ${fan}, '2200-01-01', ${promise})`.execute(db);
    await sql`
      insert into waiting (project_id, key, work_id)
      select project_id, 'fan:' || fan_id || ':streaming', id from work where promise = ${promise}`.execute(
      db,
    );
    await stage.signIn(path, fan, ['release']);
    const { rows } = await sql<{ promise: string; is_due: boolean }>`
      select promise, due_at <= now() as is_due from work where fan_id = ${fan}`.execute(db);
    expect(rows).toEqual([{ promise, is_due: true }]);
  });

  test('R121 a state counts once: replayed, tampered, of another service, or late it links nothing', async () => {
    const { path, fan } = await stage.page();
    const { callback } = await stage.signIn(path, fan);
    await sql`delete from streaming_grant where fan_id = ${fan}`.execute(db);
    const replayed = await stage.get(callback);
    expect([replayed.status, replayed.text.includes('This sign-in is over')]).toEqual([409, true]);
    const tampered = await stage.get(callback.replace(/state=./, 'state=-'));
    expect(tampered.status).toBe(400);
    expect(tampered.text).not.toContain('Luna Vale');
    const second = await stage.post(`${path}/spotify`, [['purpose', 'release']]);
    const state = new URL(second.location).searchParams.get('state') ?? '';
    expect((await stage.get(`/oauth/twilio/callback?code=x&state=${state}`)).status).toBe(400);
    wallMs += 10 * 60_000 + 1;
    const late = await stage.get(`/oauth/spotify/callback?code=x&state=${state}`);
    expect([late.status, late.text.includes('took too long')]).toEqual([410, true]);
    expect(await grantOf(fan)).toBeUndefined();
  });

  test('R88 R121 a sign-in of one project with the state of another links nothing in either', async () => {
    const mine = await stage.page();
    const theirs = await elsewhere.page();
    const consentOf = async (at: typeof stage, path: string, fan: string) => {
      const started = await at.post(`${path}/spotify`, [['purpose', 'release']]);
      const consent = await at.get(`${started.location}&user=user-${fan}&decision=allow`);
      return new URL(consent.location).searchParams;
    };
    const own = await consentOf(stage, mine.path, mine.fan);
    const foreign = await consentOf(elsewhere, theirs.path, theirs.fan);
    const mixed = new URLSearchParams({
      code: own.get('code') ?? '',
      state: foreign.get('state') ?? '',
    });
    const answer = await elsewhere.get(`/oauth/spotify/callback?${mixed.toString()}`);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect([await grantOf(mine.fan), await grantOf(theirs.fan)]).toEqual([undefined, undefined]);
    // Her own is not spent by it.
    expect((await stage.get(`/oauth/spotify/callback?${own.toString()}`)).status).toBe(303);
    expect([(await grantOf(mine.fan))?.state, await grantOf(theirs.fan)]).toEqual(['live', undefined]);
  });

  test('two callbacks at once with one state: one counts', async () => {
    const { path, fan } = await stage.page();
    const started = await stage.post(`${path}/spotify`, [['purpose', 'release']]);
    const consent = await stage.get(`${started.location}&user=user-${fan}&decision=allow`);
    const answers = await Promise.all(Array.from({ length: 5 }, () => stage.get(consent.location)));
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([303, 409, 409, 409, 409]);
  });

  test('refused by the fan, or the service down: said, and nothing linked', async () => {
    const { path, fan } = await stage.page();
    const denied = await stage.signIn(path, fan, ['release'], 'deny');
    expect([denied.done.status, denied.done.text.includes('Nothing was linked')]).toEqual([403, true]);
    const started = await stage.post(`${path}/spotify`, [['purpose', 'release']]);
    const consent = await stage.get(`${started.location}&user=user-${fan}&decision=allow`);
    stage.fake.setFault({ mode: 'error' });
    const down = await stage.get(consent.location);
    expect([down.status, down.text.includes('is not answering')]).toEqual([503, true]);
    expect(down.text).toContain(path);
    expect(await grantOf(fan)).toBeUndefined();
  });

  test('nothing ticked: asked again, and nobody is sent anywhere', async () => {
    const { path } = await stage.page();
    const answer = await stage.post(`${path}/spotify`);
    expect([answer.status, answer.location]).toEqual([422, '']);
    expect(answer.text).toContain('Nothing is ticked');
  });

  test('only what the page offers can be ticked', async () => {
    const { path, fan } = await stage.page();
    await stage.signIn(path, fan, ['release', 'future', 'everything']);
    const { rows } = await sql<{
      kind: string;
    }>`select kind from purpose where fan_id = ${fan} order by kind`.execute(db);
    expect(rows.map(({ kind }) => kind)).toEqual(['future', 'release']);
  });

  test("a service that the project does not have is 404, another project's page is its own", async () => {
    const { path } = await stage.page();
    expect((await stage.post(`${path}/twilio`, [['purpose', 'release']])).status).toBe(404);
    expect((await stage.post(`${path}/nobody`, [['purpose', 'release']])).status).toBe(404);
  });
});

describe('R63 named testers only', () => {
  test('no sign-in for others; the page offers the other ways and sends an invited account', async () => {
    const countdownUrl = 'https://countdown.example/nightglass';
    const release = await invited.addRelease({ countdownUrl });
    const { path, fan } = await invited.page({}, release);
    const { text, header } = await invited.get(path);
    expect(text).toContain('invited people only');
    expect(text).not.toContain('Continue with');
    expect(header('content-security-policy')).toContain('https://countdown.example');
    const refused = await invited.post(`${path}/spotify`, [
      ['purpose', 'release'],
      ['account', 'eve@example.com'],
    ]);
    expect([refused.status, refused.location]).toEqual([403, '']);
    const handed = await invited.post(`${path}/do/hand-over`);
    expect([handed.status, handed.location]).toEqual([303, countdownUrl]);
    const { rows } = await sql<{ state: string }>`select state from save where fan_id = ${fan}`.execute(db);
    expect(rows).toEqual([{ state: 'handed_over' }]);
    const sent = await invited.post(`${path}/spotify`, [
      ['purpose', 'release'],
      ['account', 'Mara@Fans.example '],
    ]);
    expect(sent.location).toContain('/authorize?');
  });

  test('an account that the service then refuses is told so, and the operator sees it', async () => {
    const { path, fan } = await stage.page();
    const started = await stage.post(`${path}/spotify`, [['purpose', 'release']]);
    const consent = await stage.get(`${started.location}&user=user-${fan}&decision=allow`);
    stage.fake.configure({ mode: 'development', allowedUsers: [] });
    const refused = await stage.get(consent.location);
    stage.fake.configure({ mode: 'extended', allowedUsers: null });
    expect([refused.status, refused.text.includes('cannot be linked yet')]).toEqual([403, true]);
    expect(await grantOf(fan)).toMatchObject({ state: 'refused_by_app', tokens: null });
    await stage.connections.settled();
    expect((await stage.connections.getConnection(stage.accountId, stage.connectionId)).lastError).toContain(
      '403',
    );
  });

  test('a date to keep, where we may not write', async () => {
    const release = await invited.addRelease({ title: 'Night, glass; two' });
    const { path } = await invited.page({}, release);
    const { text, header } = await invited.get(`${path}/calendar.ics`);
    expect(header('content-type')).toContain('text/calendar');
    expect(text).toContain('SUMMARY:Night\\, glass\\; two by Luna Vale is out\r\n');
  });
});

describe('what is linked already', () => {
  test('R100 needs_ok: one tap, no new sign-in', async () => {
    const { path, fan } = await stage.page();
    await stage.link(fan);
    expect((await stage.get(path)).text).toContain('no new sign-in');
    const calls = stage.fake.calls().length;
    const allowed = await stage.post(`${path}/do/allow`, [['purpose', 'release']]);
    expect(allowed.status).toBe(303);
    expect(stage.fake.calls().length).toBe(calls);
    expect((await stage.facts(fan)).purposes.map(({ kind }) => kind)).toEqual(['release']);
    expect((await stage.get(path)).text).toContain('Pre-saved on Spotify');
  });

  test('R103 one tap on a link that has died unseen promises nothing, and says that it ran out', async () => {
    const { path, fan } = await stage.page();
    const provenAt = new Date(stage.now().getTime() - 2 * dayMs);
    const tokens = await stage.link(fan, { provenAt });
    await stage.fake.revokeGrant(tokens.refreshToken!);
    await stage.post(`${path}/do/allow`, [['purpose', 'release']]);
    const { saves, grants } = await stage.facts(fan);
    expect([saves, grants[0]?.state]).toEqual([[], 'expired']);
    expect((await stage.get(path)).text).toContain('Your Spotify link ran out');
  });

  test('Undo takes back at the service and here, and its button goes', async () => {
    const { path, fan } = await stage.page();
    await stage.signIn(path, fan);
    expect((await stage.get(path)).text).toContain('You follow Luna Vale on Spotify');
    await stage.post(`${path}/do/undo`, [
      ['what', 'follow'],
      ['service', 'spotify'],
    ]);
    expect(await stage.following(fan)).toEqual([]);
    await stage.post(`${path}/do/undo`, [
      ['what', 'save'],
      ['service', 'spotify'],
    ]);
    const { text } = await stage.get(path);
    expect(text).not.toContain('You follow');
    expect(text).not.toContain('Pre-saved on');
    expect((await stage.facts(fan)).saves[0]?.state).toBe('undone');
  });

  test('Undo while the service is down changes nothing and says so', async () => {
    const { path, fan } = await stage.page();
    await stage.signIn(path, fan);
    stage.fake.setFault({ mode: 'error' });
    const answer = await stage.post(`${path}/do/undo`, [
      ['what', 'follow'],
      ['service', 'spotify'],
    ]);
    expect([answer.status, answer.text.includes('Nothing has changed')]).toEqual([503, true]);
    expect((await stage.facts(fan)).followed).toHaveLength(1);
  });

  test('NextSave is stopped by its Undo', async () => {
    const { path, fan } = await stage.page();
    await stage.signIn(path, fan, ['future']);
    expect((await stage.get(path)).text).toContain('New releases of Luna Vale will be saved');
    await stage.post(`${path}/do/undo`, [
      ['what', 'future'],
      ['service', ''],
    ]);
    expect((await stage.facts(fan)).purposes).toEqual([]);
  });

  test('R64 Unlink deletes tokens, scopes and the name of the account', async () => {
    const { path, fan } = await stage.page();
    await stage.signIn(path, fan);
    await stage.post(`${path}/do/unlink`, [['service', 'spotify']]);
    expect(await grantOf(fan)).toEqual({
      state: 'revoked',
      tokens: null,
      scopes: [],
      provider_account: '',
      display_name: null,
    });
    expect((await stage.get(path)).text).toContain('Continue with Spotify');
  });

  test('a link that ran out can be made again', async () => {
    const { path, fan, release } = await stage.page();
    const authorisedAt = new Date(stage.now().getTime() - 220 * dayMs);
    await stage.link(fan, { authorisedAt, purposes: [allow('release', release.id)] });
    const { text } = await stage.get(path);
    expect(text).toContain('This link ran out');
    expect(text).toContain('Link again with Spotify');
    const { done } = await stage.signIn(path, fan, []);
    expect(done.status).toBe(303);
    expect(await grantOf(fan)).toMatchObject({ state: 'live' });
  });
});

describe('R94 the box for texts', () => {
  test('is unticked, refused when it stays so, and agreed to in exactly the words shown', async () => {
    const given: Parameters<ConsentBox['grant']>[0][] = [];
    let version = 'v1';
    const consent: ConsentBox = {
      offer: () => Promise.resolve({ text: 'Yes, send me texts from Luna Vale.', version }),
      grant: (one) => {
        given.push(one);
        return Promise.resolve();
      },
    };
    const pages = await open(await setStage(db), { consent });
    const { path, fan } = await pages.page();
    const { text } = await pages.get(path);
    expect(/<input[^>]*name="agree"[^>]*>/.exec(text)?.[0]).not.toContain('checked');
    expect((await pages.post(`${path}/do/consent`, [['version', 'v1']])).status).toBe(422);
    version = 'v2';
    expect(
      (
        await pages.post(`${path}/do/consent`, [
          ['version', 'v1'],
          ['agree', 'yes'],
        ])
      ).status,
    ).toBe(422);
    expect(given).toEqual([]);
    await pages.post(`${path}/do/consent`, [
      ['version', 'v2'],
      ['agree', 'yes'],
    ]);
    expect(given).toMatchObject([{ fanId: fan, version: 'v2', text: 'Yes, send me texts from Luna Vale.' }]);
  });

  test('stands only behind a link that was texted: one that the API handed out proves no number', async () => {
    const given: unknown[] = [];
    const consent: ConsentBox = {
      offer: () => Promise.resolve({ text: 'Yes, send me texts from Luna Vale.', version: 'v1' }),
      grant: (one) => {
        given.push(one);
        return Promise.resolve();
      },
    };
    const on = await setStage(db);
    const pages = await open(on, { consent });
    const { fan, release, path } = await pages.page();
    const handedOut = await createConnectLink(db, sealer, {
      projectId: on.projectId,
      fanId: fan,
      subject: { releaseId: release.id, artistId: on.artistId, isHandedOut: true },
      releaseAt: release.releaseAt,
      now: on.now(),
    });
    expect(handedOut.path).not.toBe(path);
    expect((await pages.get(path)).text).toContain('name="agree"');
    expect((await pages.get(handedOut.path)).text).not.toContain('name="agree"');
    await pages.post(`${handedOut.path}/do/consent`, [
      ['version', 'v1'],
      ['agree', 'yes'],
    ]);
    expect(given).toEqual([]);
  });
});

describe('R123 the public pages of a project', () => {
  test('R123 say who sends, how to stop and that numbers are not shared, filled from its settings', async () => {
    await sql`
      update project set legal_sender = 'Luna Vale Music <GmbH>', contact = 'help@luna.example', monthly_cap = 7
       where id = ${stage.projectId}`.execute(db);
    const terms = await stage.get(`/t/${stage.projectId}`);
    const privacy = await stage.get(`/privacy/${stage.projectId}`);
    expect([terms.status, privacy.status]).toEqual([200, 200]);
    for (const { text } of [terms, privacy]) expect(text).toContain('Luna Vale Music &lt;GmbH&gt;');
    expect(terms.text).toMatch(/never more than 7 /);
    expect(terms.text).toContain('help@luna.example');
    expect(terms.text).toContain('<strong>STOP</strong>');
    expect((await stage.get('/t/nobody')).status).toBe(404);
  });
});

describe('R121 inside another app', () => {
  const instagram = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Instagram 350.0';

  test.each([
    [instagram, 'Instagram', 'x-safari-http://'],
    ['Mozilla/5.0 (Linux; Android 15) [FB_IAB/FB4A;FBAV/480.0]', 'Facebook', 'intent://'],
    ['Mozilla/5.0 (Linux; Android 15) musical_ly_2024 BytedanceWebview', 'TikTok', 'intent://'],
  ])('%s is told so, with a way out and a code to type', async (userAgent, app, scheme) => {
    const { path, shortPath } = await stage.page();
    const { text } = await stage.get(path, userAgent);
    expect(text).toContain(`You are inside ${app}`);
    expect(text).toContain(scheme);
    expect(text).toContain(`${new URL(stage.url).host}${shortPath}`);
    expect((await stage.get(path)).text).not.toContain('You are inside');
  });

  test('a service whose sign-in cannot work there is greyed with the reason', async () => {
    const refusal = 'Signing in is refused inside other apps.';
    const pages = await open(await setStage(db), { inAppRefusal: () => refusal });
    const { path } = await pages.page();
    const inside = (await pages.get(path, instagram)).text;
    expect(inside).toMatch(/<button disabled(="")?>Spotify/);
    expect(inside).toContain(refusal);
    expect((await pages.get(path)).text).toContain('Continue with Spotify');
  });
});
