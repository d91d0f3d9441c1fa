import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Hono } from 'hono';
import { afterAll, expect, test } from 'vitest';
import { isDashboardPath, mountDashboard } from './dashboard.ts';
import { readWebFiles } from './web-files.ts';

const folder = mkdtempSync('/tmp/segue-web-files-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(path.join(folder, 'assets'));
const page = '<meta name="segue-build" content="" /><meta name="segue-nonce" content="" />';
writeFileSync(path.join(folder, 'index.html'), page);
writeFileSync(path.join(folder, 'assets/main-1.js'), 'plain');
writeFileSync(path.join(folder, 'assets/main-1.js.br'), 'brotli');
writeFileSync(path.join(folder, 'assets/main-1.js.gz'), 'gzip');
writeFileSync(path.join(folder, 'inputs.json'), '{}');

function open() {
  const app = new Hono();
  const web = readWebFiles(folder)!;
  mountDashboard(app, web);
  app.get('/api/v1/flows', (context) => context.json({}));
  app.notFound(() => new Response('nothing', { status: 404 }));
  return { app, web };
}

test('the page answers for every place of the dashboard, and for nothing else', async () => {
  const { app } = open();
  for (const place of ['/', '/sign-in', '/@nova-reyes', '/@nova-reyes/', '/@nova-reyes/flows/1/runs']) {
    const response = await app.request(place);
    expect([place, response.status]).toEqual([place, 200]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
  for (const place of [
    '/api/v2',
    '/c/nobody',
    '/s/x',
    '/flows',
    '/sign-in/token',
    '/@',
    '/@Nova',
    '/inputs.json',
  ])
    expect([place, (await app.request(place)).status]).toEqual([place, 404]);
  expect(isDashboardPath('/@nova-reyes/../api')).toBe(true);
  expect((await app.request('/', { method: 'POST' })).status).toBe(404);
});

test('the page allows no script but ours, and no style without this answer’s own nonce', async () => {
  const { app, web } = open();
  const answers = await Promise.all([app.request('/'), app.request('/')]);
  const nonces = await Promise.all(
    answers.map(async (answer) => {
      const policy = answer.headers.get('content-security-policy') ?? '';
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'");
      const html = await answer.text();
      expect(html).toContain(`name="segue-nonce" content="${nonce}"`);
      expect(html).toContain(`name="segue-build" content="${web.build}"`);
      return nonce;
    }),
  );
  expect(new Set(nonces).size).toBe(2);
  expect(nonces.every((nonce) => nonce.length >= 20)).toBe(true);
});

test('files are kept for good and sent as small as the browser can take them', async () => {
  const { app } = open();
  const ask = async (encoding?: string) => {
    const headers: Record<string, string> = encoding === undefined ? {} : { 'accept-encoding': encoding };
    const response = await app.request('/assets/main-1.js', { headers });
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('vary')).toBe('accept-encoding');
    return [response.headers.get('content-encoding'), await response.text()];
  };
  expect(await ask('gzip, deflate, br')).toEqual(['br', 'brotli']);
  expect(await ask('gzip')).toEqual(['gzip', 'gzip']);
  expect(await ask()).toEqual([null, 'plain']);
});

test('an answer to a page says which dashboard is served; one to an API key does not', async () => {
  const { app, web } = open();
  const signedIn = await app.request('/api/v1/flows', { headers: { cookie: 'session=x' } });
  expect(signedIn.headers.get('segue-build')).toBe(web.build);
  expect((await app.request('/api/v1/flows')).headers.get('segue-build')).toBe(null);
});

test('without a build there is nothing to serve', () => {
  expect(readWebFiles(path.join(folder, 'assets'))).toBe(null);
});
