import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { phones } from '../situations/stage.ts';
import { desk, openDashboard } from './dashboard.ts';
import { launchChromium, openContext, phone } from './chromium.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Somebody's own website: what stands under each path. Answers with its origin. */
async function serveSite(pages: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="en"><title>Luna</title>${pages[request.url ?? ''] ?? ''}</html>`,
    );
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return `http://localhost:${(server.address() as AddressInfo).port}`; // listening on TCP
}

/** A site with opinions of its own, and a note of what its window had before. */
const ownStyle = `<style>* { font-family: cursive !important; color: red } iframe { outline: none } button { display: none }</style>
  <script>window.before = Object.keys(window)</script>`;

async function signUp(page: Pick<Page, 'getByRole'>, wait: () => Promise<void>) {
  await page.getByRole('textbox', { name: 'Your number' }).fill('(303) 555-0142');
  await page.getByRole('checkbox', { name: /^Yes, send me recurring/ }).check();
  await wait();
  await page.getByRole('button', { name: 'Send me texts' }).click();
}

test('on a site that may show it a page fits itself, takes sign-ups and opens the sign-in beside it; elsewhere it is not shown', async () => {
  const { stage } = await openDashboard(browser);
  const line = `<script src="${stage.url}/embed.js" data-page="nova-reyes" data-title="Nova Reyes" async></script>`;
  const frame = `<iframe src="${stage.url}/p/nova-reyes" style="width:100%;height:900px"></iframe>`;
  const site = await serveSite({
    '/': `${ownStyle}<h1>Luna</h1>${line}<p id="after">after</p>`,
    '/head': `${line}<h1>Luna</h1>`,
  });
  const other = await serveSite({ '/': `<h1>Other</h1>${line}`, '/frame': frame });
  await stage.api('PUT', '/embedding', { origins: [site] });
  const { page, context, complaints } = await openContext(browser, desk);
  await page.goto(site);
  const inside = page.frameLocator('iframe[title="Nova Reyes"]');
  await inside.getByRole('heading', { level: 1 }).waitFor();

  // All of it without a scroll bar of its own, also once the window is narrow.
  for (const size of [desk.viewport, phone.viewport]) {
    await page.setViewportSize(size);
    const spare = () =>
      inside.locator('html').evaluate('document.documentElement.scrollHeight - window.innerHeight');
    await expect.poll(spare).toBe(0);
  }
  // The site stays as it was: in its window only the frame and our note, one element more behind the script.
  const added = 'Object.keys(window).filter((key) => !window.before.includes(key))';
  expect(await page.evaluate(added)).toEqual(['0', 'before']);
  expect(await page.evaluate('document.querySelector("#after").previousElementSibling.tagName')).toBe(
    'IFRAME',
  );
  expect(
    await inside.locator('h1').evaluate('getComputedStyle(document.querySelector("h1")).fontFamily'),
  ).not.toBe('cursive');

  // A sign-in cannot happen in a frame: no service shows itself in one.
  const opened = context.waitForEvent('page');
  await inside.getByRole('button', { name: /Spotify/ }).click();
  const signIn = await opened;
  await signIn.getByRole('radio', { name: 'Mara Lindqvist' }).waitFor();
  await signIn.close();

  await signUp(inside, () => page.waitForTimeout(2_100));
  await inside.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  expect(page.url()).toBe(`${site}/`);
  await stage.idle();
  await stage.advance(15_000);
  expect(await stage.got(phones.unknown)).toHaveLength(1);

  // Some paste the line into the head of their page, where nothing can be seen.
  await page.goto(`${site}/head`);
  await inside.getByRole('heading', { level: 1 }).waitFor();
  expect(complaints).toEqual([]);

  // Another site: neither by the line nor by a frame.
  for (const path of ['/', '/frame']) {
    const refused = page.waitForEvent('requestfailed');
    await page.goto(other + path);
    expect((await refused).failure()?.errorText).toContain('BLOCKED_BY_RESPONSE');
    expect(await page.frameLocator('iframe').getByRole('button', { name: 'Send me texts' }).count()).toBe(0);
  }
});

test('a plain form in a site without scripts or frames signs up, where the site may', async () => {
  const { stage } = await openDashboard(browser);
  const form = await (await fetch(`${stage.url}/p/nova-reyes/form.txt`)).text();
  const site = await serveSite({ '/': form });
  const { page } = await openContext(browser, { javaScriptEnabled: false });
  await page.goto(site);
  await signUp(page, () => Promise.resolve());
  await page.getByText('This form stands on another site').waitFor();
  await stage.idle();
  expect(await stage.got(phones.unknown)).toEqual([]);

  await stage.api('PUT', '/embedding', { origins: [site] });
  // A page is read anew after a second.
  await page.waitForTimeout(1_500);
  await page.goto(site);
  await signUp(page, () => Promise.resolve());
  await page.getByRole('heading', { level: 1, name: 'Almost there' }).waitFor();
  await stage.idle();
  await stage.advance(15_000);
  expect(await stage.got(phones.unknown)).toHaveLength(1);
});
