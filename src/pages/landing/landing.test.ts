import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { serveFetch } from '#connectors/testing/serve.ts';
import { changeStoredPage, createStoredPage } from '#landing-pages/change-pages.ts';
import { pageParts, type PageContent } from '#landing-pages/content.ts';
import { transaction } from '#db/database.ts';
import { createLog } from '#lib/log.ts';
import { dayMs, sealer, setStage, type Stage } from '#releases/testing/stage.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { createPages } from '../pages.ts';

const { db } = await createTestDatabase();
const closing: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of closing) await one.close();
});

async function open(on: Stage) {
  let base = '';
  const raised: { type: string; fanId: string }[] = [];
  const app = createPages({
    ...on,
    sealer,
    wall: { now: () => new Date() },
    log: createLog({ level: 'silent' }),
    publicUrl: () => base,
    shortUrl: () => base,
    raise: async (event) => void raised.push(event),
  });
  const served = await serveFetch((request) => app.fetch(request));
  base = served.url;
  closing.push(on, served);
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(path.startsWith('http') ? path : base + path, {
      redirect: 'manual',
      ...init,
    });
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      header: (name: string) => response.headers.get(name) ?? '',
      text: await response.text(),
    };
  };
  let slugs = 0;
  return {
    ...on,
    raised,
    get: (path: string, headers: Record<string, string> = {}) => call(path, { headers }),
    post: (path: string, form: [string, string][] = [], headers: Record<string, string> = {}) =>
      call(path, { method: 'POST', body: new URLSearchParams(form), headers }),
    async page(content: Partial<PageContent> = {}, isPublished = true) {
      const slug = `page-${on.projectId.slice(-6)}-${++slugs}`;
      const all: PageContent = {
        releaseId: null,
        artistId: null,
        title: '',
        text: '',
        parts: [...pageParts],
        palette: 'artwork',
        ...content,
      };
      const made = await createStoredPage(db, on.projectId, { ...all, slug }, on.now());
      const change = { version: 1, isPublished };
      await transaction(db, (tx) => changeStoredPage(tx, on.projectId, made.id, change, on.now()));
      return `/p/${slug}`;
    },
    /** Ticks, signs in at the fake as that user, and comes back with where the browser is sent to. */
    async signIn(path: string, user: string, purposes: string[], decision = 'allow') {
      const started = await call(`${path}/connect/spotify`, {
        method: 'POST',
        body: new URLSearchParams(purposes.map((one): [string, string] => ['purpose', one])),
      });
      const consent = await call(`${started.location}&user=${user}&decision=${decision}`);
      return { started, done: await call(consent.location) };
    },
  };
}

const stage = await open(await setStage(db));
const invited = await open(await setStage(db, { mode: 'development', namedTesters: ['mara@fans.example'] }));

describe('a landing page', () => {
  test('is small, complete without scripts, shared with its words, framed by nobody who was not named', async () => {
    const release = await stage.addRelease({ title: '<b>Night</b> & "glass"' });
    const path = await stage.page({ releaseId: release.id, text: 'First words.\n\nMore <i>words</i>.' });
    const { status, text, header } = await stage.get(path);
    expect(status).toBe(200);
    expect(Buffer.byteLength(text)).toBeLessThan(50_000);
    expect(text).toContain('&lt;b&gt;Night&lt;/b&gt; &amp;');
    expect(text).not.toMatch(/<b>Night|<i>words|\son\w+=/);
    expect(text).toContain('in 30 days');
    expect(text).toContain('property="og:title"');
    expect(header('set-cookie')).toBe('');
    const csp = header('content-security-policy');
    expect(csp).toContain("default-src 'none'");
    expect(csp).toContain("frame-ancestors 'self'");
    expect(csp).not.toContain('unsafe');
    for (const [, style] of text.matchAll(/<style>([^]*?)<\/style>/g))
      expect(csp).toContain(
        `'sha256-${createHash('sha256')
          .update(style ?? '')
          .digest('base64')}'`,
      );
    const script = /<script>([^]*?)<\/script>/.exec(text)?.[1] ?? '';
    expect(csp).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(text.indexOf('I use something else, just remind me')).toBeGreaterThan(text.indexOf('Pre-save on'));
  });

  test('drafts, unknown slugs and pages taken back are one and the same: not there', async () => {
    const draft = await stage.page({ title: 'Secret' }, false);
    for (const path of [draft, '/p/nobody-here', '/p/..%2f', `/p/${'x'.repeat(300)}`, `${draft}/remind`]) {
      const { status, text } = await stage.get(path);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('Secret');
    }
  });

  test('speaks the reader’s language: English, Spanish, German', async () => {
    const release = await stage.addRelease();
    const path = await stage.page({ releaseId: release.id });
    const said = async (accepted: string) => (await stage.get(path, { 'accept-language': accepted })).text;
    expect(await said('de-AT,de;q=0.9,en;q=0.1')).toMatch(/<html lang="de">[^]*Vormerken auf Spotify/);
    expect(await said('fr, es-MX;q=0.8, en;q=0.4')).toMatch(/<html lang="es">[^]*Preguardar en Spotify/);
    expect(await said('ja')).toContain('<html lang="en">');
    expect(await said(';;;q=x,,de;q=0')).toContain('<html lang="en">');
  });

  test('turns over by itself at the release: pre-save before, listen after', async () => {
    const soon = new Date(stage.now().getTime() + 90_000);
    const service = { url: 'https://open.spotify.com/album/4LH4d3cOWNNsVw41Gqt2kv' };
    const release = await stage.addRelease({ releaseAt: soon, services: [service] });
    const path = await stage.page({ releaseId: release.id });
    const before = await stage.get(path);
    expect(before.text).toMatch(/Pre-save on Spotify/);
    expect(before.text).toMatch(/http-equiv="refresh" content="9\d"/);
    expect(before.text).toContain('in 2 minutes');
    await sql`update release set release_at = ${new Date(stage.now().getTime() - 1)} where id = ${release.id}`.execute(
      db,
    );
    await expect
      .poll(async () => (await stage.get(path)).text, { timeout: 5_000 })
      .toMatch(/href="https:\/\/open\.spotify\.com\/album\/4LH4d3cOWNNsVw41Gqt2kv"[^>]*>Listen on Spotify/);
    expect((await stage.get(path)).text).toContain('Add to your library on Spotify');
  });
});

describe('R3 R100 who comes by a public page', () => {
  test('signs in with the least scopes, becomes a fan, and goes on with a page of her own', async () => {
    const release = await stage.addRelease();
    const path = await stage.page({ releaseId: release.id });
    const before = await fans();
    const { started, done } = await stage.signIn(path, 'user-ana', ['release']);
    expect(started.status).toBe(303);
    expect(new URL(started.location).searchParams.get('scope')).toBe('user-library-modify');
    expect([done.status, done.location]).toEqual([303, expect.stringMatching(/^\/c\/.+\?linked=spotify$/)]);
    expect(await fans()).toBe(before + 1);
    expect(stage.raised).toEqual([expect.objectContaining({ type: 'release.presaved' })]);
    const page = await stage.get(done.location);
    expect(page.text).toContain('Pre-saved on Spotify');
    const { rows } = await sql<{ words: string }>`
      select words from purpose where target_id = ${release.id}`.execute(db);
    expect(rows).toEqual([{ words: expect.stringMatching(/^Pre-save Nightglass\. Added/) as string }]);
  });

  test('is known again by her account, in two tabs at once too', async () => {
    const [first, second] = [await stage.addRelease(), await stage.addRelease()];
    const paths = [await stage.page({ releaseId: first.id }), await stage.page({ releaseId: second.id })];
    const before = await fans();
    await Promise.all(paths.map((path) => stage.signIn(path, 'user-bo', ['release', 'follow'])));
    await stage.signIn(paths[0] ?? '', 'user-bo', ['release', 'future']);
    expect(await fans()).toBe(before + 1);
    const { rows } = await sql`
      select distinct fan_id from save where release_id in (${first.id}, ${second.id})`.execute(db);
    expect(rows).toHaveLength(1);
  });

  test('who declines, ticks nothing, or replays a sign-in becomes nobody', async () => {
    const release = await stage.addRelease();
    const path = await stage.page({ releaseId: release.id });
    const before = await fans();
    const declined = await stage.signIn(path, 'user-cy', ['release'], 'deny');
    expect(declined.done.status).toBe(403);
    expect(declined.done.text).toContain(`href="${path}"`);
    const nothing = await stage.post(`${path}/connect/spotify`);
    expect([nothing.status, nothing.text]).toEqual([422, expect.stringContaining('Nothing is ticked')]);
    expect((await stage.post(`${path}/connect/fax`, [['purpose', 'release']])).status).toBe(404);
    expect(await fans()).toBe(before);
  });

  test('R63 an app for named people only: the artist’s own page and a calendar file, nothing called a pre-save', async () => {
    const release = await invited.addRelease({
      countdownUrl: 'https://open.spotify.com/prerelease/abc',
      releaseAt: new Date(invited.now().getTime() + 3 * dayMs),
    });
    const path = await invited.page({ releaseId: release.id });
    const { text } = await invited.get(path);
    expect(text).not.toContain('Pre-save on');
    expect(text).toContain('https://open.spotify.com/prerelease/abc');
    const refused = await invited.post(`${path}/connect/spotify`, [
      ['purpose', 'release'],
      ['account', 'stranger@fans.example'],
    ]);
    expect(refused.status).toBe(403);
    const named = await invited.post(`${path}/connect/spotify`, [
      ['purpose', 'release'],
      ['account', 'Mara@fans.example'],
    ]);
    expect(named.status).toBe(303);
    const file = await invited.get(`${path}/calendar.ics`);
    expect(file.header('content-type')).toContain('text/calendar');
    expect(file.text).toContain('SUMMARY:Nightglass by Luna Vale is out');
    expect((await invited.get(`${path}/remind`)).text).toContain('calendar.ics');
  });

  test('R121 inside another app’s browser the way out comes first', async () => {
    const path = await stage.page({ releaseId: (await stage.addRelease()).id });
    const { text } = await stage.get(path, { 'user-agent': 'Mozilla/5.0 (iPhone) Instagram 300.0' });
    expect(text).toContain('You are inside Instagram');
    expect(text.indexOf('x-safari-')).toBeLessThan(text.indexOf('Pre-save on'));
  });
});

async function fans(): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from fan`.execute(db);
  return rows[0]?.n ?? 0;
}
