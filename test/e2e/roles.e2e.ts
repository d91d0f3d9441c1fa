import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findViolations, isTooWide, launchChromium, openContext } from './chromium.ts';
import { desk, openDashboard, type Dashboard } from './dashboard.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

type RoleName = 'Viewer' | 'Marketer' | 'Manager';

async function expectFit(page: Page): Promise<void> {
  expect(await findViolations(page), page.url()).toEqual([]);
  expect(await isTooWide(page), page.url()).toBe(false);
}

/** The owner invites Ola as this; the link, as it is shown once. */
async function invite({ page, at }: Dashboard, role: RoleName): Promise<string> {
  await page.goto(at('/settings/people'));
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' });
  await dialog.getByRole('textbox', { name: 'For whom' }).fill('Ola, tour manager');
  await dialog.getByRole('radio', { name: role }).check();
  await expectFit(page);
  await dialog.getByRole('button', { name: 'Make the link' }).click();
  const url = await dialog.getByRole('textbox', { name: 'Link' }).inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  return url;
}

/** Ola in a browser of her own, come by the invitation. */
async function join(dashboard: Dashboard, role: RoleName) {
  const url = await invite(dashboard, role);
  const { page, context, complaints } = await openContext(browser, desk);
  onTestFinished(() => context.close());
  await page.goto(url);
  await page.getByRole('heading', { name: 'Join Nova Reyes' }).waitFor();
  await expectFit(page);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Ola Berg');
  await page.getByRole('textbox', { name: 'E-mail' }).fill('ola@example.com');
  await page.getByLabel('New password').fill('four wide rivers');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
  return { page, complaints, url };
}

test('R89 a viewer sees, and what she may not is left out or said with the reason', async () => {
  const dashboard = await openDashboard(browser);
  const { at } = dashboard;
  const { page, complaints, url } = await join(dashboard, 'Viewer');
  await page.goto(at('/settings'));
  await page
    .getByText('As viewer you may look at these settings; a manager or owner changes them.')
    .waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  const tabs = page.getByRole('navigation', { name: 'Settings' }).getByRole('link');
  expect(await tabs.allTextContents()).toEqual(['Project', 'People', 'Plan', 'All projects', 'You']);
  await expectFit(page);

  await page.goto(at('/settings/people'));
  await page.getByText('As viewer you see who; a manager or owner decides who and as what.').waitFor();
  await page.getByRole('cell', { name: 'Ola Berg (you)' }).waitFor();
  expect(await page.getByRole('button', { name: 'Invite somebody' }).count()).toBe(0);
  expect(await page.getByRole('combobox', { name: /^Role of/ }).count()).toBe(0);
  await expectFit(page);

  // By an address that somebody sent her.
  for (const place of ['keys', 'log']) {
    await page.goto(at(`/settings/${place}`));
    await page.getByRole('heading', { name: 'Your role does not open this page' }).waitFor();
    await page.getByText('You are viewer here.').waitFor();
    await expectFit(page);
  }
  await page.goto(at('/settings/projects'));
  await page.getByText('A manager or owner makes new ones.').waitFor();
  await page.getByRole('button', { name: /Choose another project/ }).click();
  await page.getByRole('menuitem', { name: /^Nova Reyes/ }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'New project' }).count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.goto(at('/flows/new'));
  await page.getByRole('heading', { name: 'New flow' }).waitFor();
  expect(await page.getByRole('button', { name: /keyword/i }).count()).toBe(0);
  expect(complaints).toEqual([]);

  // The link is spent: nobody comes in by it again.
  await page.goto(url);
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();
});

test('R89 a role is changed and taken away, and follows at once; the last owner stays', async () => {
  const dashboard = await openDashboard(browser);
  const { page: owner, at } = dashboard;
  const { page } = await join(dashboard, 'Viewer');
  await owner.goto(at('/settings/people'));
  await owner.getByText('The only owner: make somebody else one first.').waitFor();
  await owner.getByRole('combobox', { name: 'Role of Ola Berg' }).click();
  await owner.getByRole('option', { name: 'Manager' }).click();
  await owner.getByText('Ola Berg is manager now.').waitFor();
  await expectFit(owner);

  await page.goto(at('/settings/people'));
  // A manager decides about everybody but owners.
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await expect.poll(() => page.getByRole('radio').count()).toBe(3);
  await page.keyboard.press('Escape');
  expect(await page.getByRole('combobox', { name: 'Role of Owner' }).count()).toBe(0);

  await owner.getByRole('button', { name: 'Actions for Ola Berg' }).click();
  await owner.getByRole('menuitem', { name: 'Remove' }).waitFor();
  await expectFit(owner);
  await owner.getByRole('menuitem', { name: 'Remove' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await owner.getByText('Ola Berg was removed.').waitFor();
  await page.goto(at('/flows'));
  await page.getByRole('heading', { name: 'You belong to no project' }).waitFor();
  await expectFit(page);

  // Asked again, she comes back as who she is.
  await page.goto(await invite(dashboard, 'Marketer'));
  await page.getByRole('heading', { name: 'Join Nova Reyes' }).waitFor();
  expect(await page.getByRole('textbox').count()).toBe(0);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
});

test('an invitation is withdrawn; a link for a forgotten password lets in and asks no old one', async () => {
  const dashboard = await openDashboard(browser);
  const { page: owner, at } = dashboard;
  await join(dashboard, 'Marketer');
  const url = await invite(dashboard, 'Viewer');
  await owner.getByRole('button', { name: 'Withdraw the invitation: Ola, tour manager' }).click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
  await owner.getByText('No invitation is open.').waitFor();
  const { page, context } = await openContext(browser, desk);
  onTestFinished(() => context.close());
  await page.goto(url);
  await page.getByRole('heading', { name: 'This invitation does not work' }).waitFor();

  await owner.getByRole('button', { name: 'Actions for Ola Berg' }).click();
  await owner.getByRole('menuitem', { name: 'Make a sign-in link' }).click();
  await page.goto(await owner.getByRole('textbox', { name: 'Link' }).inputValue());
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
  await page.goto(at('/settings/you'));
  await page.getByText('You came by a link a moment ago, so you need not know the old one.').waitFor();
  expect(await page.getByLabel('Old password').count()).toBe(0);
  await page.getByLabel('New password').fill('five narrow bridges');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password is changed.').waitFor();
});
