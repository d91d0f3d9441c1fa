import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, openContext, phone } from './chromium.ts';
import { desk, openDashboard, type Dashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const owner = { name: 'Mara Reyes', email: 'mara@example.com', password: 'seven quiet harbours' };

/** The owner gives herself a password, as the notice asks who came by a link. */
async function setUp({ page }: Dashboard): Promise<void> {
  await page.getByRole('link', { name: 'Set a password' }).click();
  await page.getByRole('textbox', { name: 'Your name' }).fill(owner.name);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(owner.email);
  await page.getByLabel('New password').fill(owner.password);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await page.getByText('You can sign in with your e-mail and password from now on.').waitFor();
}

async function signIn(page: Page, password = owner.password): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail' }).fill(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function expectFit(page: Page): Promise<void> {
  expect(await findViolations(page), await page.title()).toEqual([]);
  expect(await isTooWide(page), page.url()).toBe(false);
}

/** Another person's browser. */
async function strangerOf(options = {}) {
  const opened = await openContext(browser, { ...desk, ...options });
  onTestFinished(() => opened.context.close());
  return opened;
}

test('a link lets in once; name, e-mail and password are set; out, and in again where one was', async () => {
  const dashboard = await openDashboard(browser, { isSignedIn: false });
  const { page, at, complaints, signInAddress } = dashboard;
  // It goes on to the project before this address has loaded.
  await page.goto(signInAddress, { waitUntil: 'commit' });
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
  await expectFit(page);
  await setUp(dashboard);
  expect(await page.getByRole('link', { name: 'Set a password' }).count()).toBe(0);
  await page.getByRole('button', { name: `Account of ${owner.name}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await expectFit(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();

  await page.goto(at('/flows'));
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectFit(page);
  expect(complaints.filter((one) => !one.includes('401'))).toEqual([]);
  await signIn(page, 'a wrong password');
  await page.getByText('This e-mail and this password do not belong together.').waitFor();
  expect(await page.getByRole('textbox', { name: 'E-mail' }).inputValue()).toBe(owner.email);
  await page.getByLabel('Password', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Flows', level: 1 }).waitFor();
  expect(page.url()).toBe(at('/flows'));
});

test.each(['light', 'dark'] as const)('on a phone the way in is as good (%s)', async (colorScheme) => {
  const { stage } = await openDashboard(browser);
  const { page, complaints } = await strangerOf({ ...phone, colorScheme });
  await page.goto(`${stage.url}/`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectFit(page);
  await page.goto(`${stage.url}/invitation#not-an-invitation-of-anybody`);
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
  await expectFit(page);
  expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
});

test('a session that ends asks over the page, which keeps what was typed', async () => {
  const dashboard = await openDashboard(browser);
  const { page, context, at } = dashboard;
  await page.goto(at('/'));
  await setUp(dashboard);
  await page.goto(at('/settings'));
  const name = page.getByRole('textbox', { name: 'Programme name' });
  await name.fill('Nova by the river');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.waitFor();
  await expectFit(page);
  await dialog.getByLabel('Password', { exact: true }).fill(owner.password);
  await dialog.getByRole('button', { name: 'Sign in' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await name.inputValue()).toBe('Nova by the river');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved.').waitFor();
});

test('a session that ended is gone on with as soon as another tab has signed in', async () => {
  const dashboard = await openDashboard(browser);
  const { page, context, at } = dashboard;
  await page.goto(at('/'));
  await setUp(dashboard);
  await page.goto(at('/settings'));
  await page.getByRole('textbox', { name: 'Programme name' }).fill('Nova by the river');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save changes' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session ended' });
  await dialog.waitFor();
  const other = await context.newPage();
  await other.goto(at('/flows'));
  await signIn(other);
  await other.getByRole('heading', { name: 'Flows', level: 1 }).waitFor();
  await page.bringToFront();
  await page.evaluate("window.dispatchEvent(new Event('focus'))");
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByRole('textbox', { name: 'Programme name' }).inputValue()).toBe('Nova by the river');
});

test('a page stays as it is while who is signed in cannot be read anew', async () => {
  const { page, at } = await openDashboard(browser);
  await page.goto(at('/settings'));
  let asked = 0;
  await page.route('**/api/v1/me', (route) => {
    asked++;
    return route.abort();
  });
  // The header shows the name, so it is asked for again after a change; and twice more when that fails.
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nova');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Saved.').waitFor();
  const programme = page.getByRole('textbox', { name: 'Programme name' });
  await programme.fill('Nova by the river');
  await expect.poll(() => asked, { timeout: 15_000 }).toBe(3);
  expect(await programme.inputValue()).toBe('Nova by the river');
  await page.unroute('**/api/v1/me');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('button', { name: /^Nova .*Choose another project/ }).waitFor();
  expect(await programme.inputValue()).toBe('Nova by the river');
});
