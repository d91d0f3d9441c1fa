/** The dashboard as a browser loads it: what the first useful screen takes, in bytes and in time. */
import type { BrowserContext, Page, Response } from 'playwright-core';
import { launchChromium, openContext, shiftOf } from '../../test/e2e/chromium.ts';

export interface Screen {
  /** Bytes of script on the wire, compressed as the browser asks for. */
  scriptKb: number;
  /** From the click until the list's first row is there: nothing kept by the browser, then all of it. */
  coldMs: number;
  warmMs: number;
  /** Cumulative layout shift of the cold load; 0 is still. */
  shift: number;
}

/** A place, by its address in the project, and what shows that it is of use. */
const places = {
  home: { path: '', useful: 'main h1' },
  flows: { path: '/flows', useful: 'main a[href*="/flows/"]' },
  runs: { path: '/runs', useful: 'main a[href*="/runs/"]' },
  fans: { path: '/fans', useful: 'main a[href*="/fans/"]' },
} as const;

const rounds = 5;

/** `project` is the whole address of a project's home; `signIn` a link that has not been used. */
export async function measureScreens(signIn: string, project: string): Promise<Record<string, Screen>> {
  const browser = await launchChromium();
  try {
    const desk = { viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false };
    const { context, page } = await openContext(browser, desk);
    await page.goto(signIn, { waitUntil: 'commit' });
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    const screens: Record<string, Screen> = {};
    for (const [name, place] of Object.entries(places))
      screens[name] = await measure(context, `${project}${place.path}`, place.useful);
    return screens;
  } finally {
    await browser.close();
  }
}

async function measure(context: BrowserContext, url: string, useful: string): Promise<Screen> {
  const cold: number[] = [];
  const warm: number[] = [];
  let [scriptBytes, shift] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const page = await context.newPage();
    const scripts: Promise<number>[] = [];
    const note = (response: Response) => {
      if (response.request().resourceType() === 'script') scripts.push(wireBytes(response));
    };
    page.on('response', note);
    await emptyCache(context, page);
    cold.push(await timeUntilUseful(page, url, useful));
    page.off('response', note);
    scriptBytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
    shift = Math.max(shift, (await shiftOf(page)).sum);
    warm.push(await timeUntilUseful(page, url, useful));
    await page.close();
  }
  return {
    scriptKb: Math.round(scriptBytes / 1000),
    coldMs: median(cold),
    warmMs: median(warm),
    shift: Math.round(shift * 1000) / 1000,
  };
}

async function emptyCache(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

async function timeUntilUseful(page: Page, url: string, useful: string): Promise<number> {
  const started = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(useful).first().waitFor();
  return performance.now() - started;
}

async function wireBytes(response: Response): Promise<number> {
  const sizes = await response.request().sizes();
  return sizes.responseBodySize;
}

function median(values: readonly number[]): number {
  return Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
