import type { Browser, BrowserContextOptions } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { startApp } from '../../src/app.ts';
import { readEnv } from '../../src/env.ts';
import { ensureWebBuilt } from '../../scripts/build-web.ts';
import { createTestDatabase } from '../db.ts';
import { createStage, environment, type Stage } from '../situations/stage.ts';
import { openContext, type Watched } from './chromium.ts';

/** A desk's screen; a phone's is `phone` of `chromium.ts`. */
export const desk = { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false } as const;

export interface Dashboard extends Watched {
  stage: Stage;
  /** The whole address of a place of the demo's project: `/flows/new`. */
  at: (place: string) => string;
  /** The address that lets the owner in once; used up unless the test does that itself. */
  signInAddress: string;
}

/**
 * An app of its own with the demo in it, and its owner signed in at a desk, where no page is open yet.
 * `hasDemoPast`: with the six weeks and all else that a newcomer's first start makes; without, counts begin at
 * nothing.
 */
export async function openDashboard(
  browser: Browser,
  {
    hasDemoPast = false,
    isSignedIn = true,
    ...options
  }: BrowserContextOptions & { hasDemoPast?: boolean; isSignedIn?: boolean } = {},
): Promise<Dashboard> {
  await ensureWebBuilt();
  const { url: databaseUrl } = await createTestDatabase();
  const app = await startApp(readEnv(environment(databaseUrl)), { hasDemoPast });
  onTestFinished(() => app.stop());
  const stage = await createStage({ url: app.url, databaseUrl }, () => undefined);
  const watched = await openContext(browser, { ...desk, ...options });
  // Last registered, first run: it must come before the context closes.
  onTestFinished(() => watched.context.close());
  onTestFinished(({ task }) => (task.result?.state === 'fail' ? tellWhere(watched) : undefined));
  const signInAddress = app.summary.signIn;
  // It sets the cookie and leads to a page that the test has not asked for.
  if (isSignedIn) await watched.context.request.get(signInAddress, { maxRedirects: 0 });
  return { ...watched, stage, signInAddress, at: (place) => `${app.url}/@nova-reyes${place}` };
}

/** What stood on the page when a test failed, as a screen reader would have it: a picture is of no use in a log. */
async function tellWhere({ page, complaints }: Watched): Promise<void> {
  const main = await page.locator('body').ariaSnapshot();
  process.stderr.write([page.url(), ...complaints, main, ''].join('\n'));
}
