/**
 * `npm run screens [folder]`: pictures of every page a person can open, from a Segue with its sandbox
 * that is started for it. They go into `docs/screens/` (not kept), the one for the README to `docs/`.
 */
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startApp, type App } from '../src/app.ts';
import { readEnv } from '../src/env.ts';
import { ensureWebBuilt } from './build-web.ts';
import { dashboardPages } from './screens-dashboard.ts';
import { launchChromium } from '../test/e2e/chromium.ts';

const folder = path.resolve(process.argv[2] ?? 'docs/screens');
const looks = [
  { name: 'phone-light', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  { name: 'wide-light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'wide-dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
] as const;
const inApp = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Instagram 400.0';
/** The phones of the demo: nobody yet, linked, link ran out. */
const phones = { unknown: '+13035550142', connected: '+15125550187', ranOut: '+12125550164' };

await ensureWebBuilt();
const dataDir = mkdtempSync('/tmp/segue-screens-');
// Where root runs this, the database has an account of its own, which has to get in.
chmodSync(dataDir, 0o755);
const browser = await launchChromium();
try {
  mkdirSync(folder, { recursive: true });
  for (const look of looks) await takeAll(look);
  copyFileSync(path.join(folder, 'connect-phone-light.png'), 'docs/connect-page.png');
} finally {
  await browser.close();
  rmSync(dataDir, { recursive: true, force: true });
}

/** Each look sees an installation of its own, so that all of them show the same. */
async function takeAll({ name, colorScheme, viewport }: (typeof looks)[number]): Promise<void> {
  const app = await startApp(readEnv({ PORT: '0', DATA_DIR: path.join(dataDir, name), LOG_LEVEL: 'warn' }));
  try {
    const phone = { viewport, colorScheme, isMobile: viewport.width < 600 };
    const open = async (options = {}) => (await browser.newContext({ ...phone, ...options })).newPage();
    const shoot = (page: Page, what: string, fullPage = true) =>
      page.screenshot({ path: path.join(folder, `${what}-${name}.png`), fullPage });
    await fanPages(app, await open(), shoot);
    const signedIn = await open();
    await otherPages(app, signedIn, shoot);
    await dashboardPages(app, signedIn, shoot);
    const inside = await open({ userAgent: inApp });
    await inside.goto(await text(app, '+13035550143', 'presave'));
    await shoot(inside, 'in-app');
  } finally {
    await closeAll(browser);
    await app.stop();
  }
}

type Shoot = (page: Page, what: string, fullPage?: boolean) => Promise<unknown>;

async function fanPages(app: App, page: Page, shoot: Shoot): Promise<void> {
  await page.goto(await text(app, phones.unknown, 'presave'));
  await shoot(page, 'connect', false);
  await shoot(page, 'connect-whole');
  await page.getByRole('button', { name: /^Continue with/ }).click();
  await shoot(page, 'sign-in-at-service');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await shoot(page, 'denied');
  await page.getByRole('link', { name: 'Back to your page' }).click();
  await page.getByRole('button', { name: /^Continue with/ }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('You follow').waitFor();
  await shoot(page, 'connected');
  await page.goto(await text(app, phones.connected, 'presave'));
  await shoot(page, 'known-fan');
  await page.getByRole('link', { name: /^Your page/ }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await shoot(page, 'own-page');
  await page.goto(await text(app, phones.ranOut, 'presave'));
  await shoot(page, 'link-ran-out');
}

async function otherPages({ url, summary }: App, page: Page, shoot: Shoot): Promise<void> {
  const paths = {
    'no-such-page': '/c/nobody',
    landing: '/p/nova-reyes',
    remind: '/p/nova-reyes/remind',
    terms: '/t/nova-reyes',
    privacy: '/privacy/nova-reyes',
    'api-docs': '/api/docs',
    'signed-out': '/',
    'signed-in': new URL(summary.signIn).pathname,
    'sign-in-spent': new URL(summary.signIn).pathname,
  };
  for (const [what, place] of Object.entries(paths)) {
    // The dashboard may go on to another address before this one has loaded.
    await page.goto(url + place, { waitUntil: 'commit' });
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await shoot(page, what);
  }
}

/** A text from a phone to the demo's number; the link of the answer. */
async function text({ summary }: App, from: string, body: string): Promise<string> {
  const { url, number, apiKey } = summary;
  const texts = `${url}/sandbox/api/phone/texts`;
  const headers = { authorization: `Bearer ${apiKey}` };
  await fetch(texts, { method: 'POST', headers, body: JSON.stringify({ from, to: number, body }) });
  await fetch(`${url}/sandbox/api/idle?timeoutMs=15000`, { headers });
  const query = new URLSearchParams({ number: from, direction: 'in' });
  const answer = await (await fetch(`${texts}?${query.toString()}`, { headers })).text();
  const link = /https?:\/\/[^\s"]+\/s\/\w+/.exec(answer)?.[0];
  if (link === undefined) throw new Error(`no link came: ${answer}`);
  return link;
}

async function closeAll(one: Browser): Promise<void> {
  for (const context of one.contexts()) await context.close();
}
