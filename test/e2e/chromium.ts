import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { ensureChromium } from '../../scripts/chromium.ts';

/** A phone held upright. */
export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

/** A browser of its own, with a fresh profile that talks to nobody but the page it is shown. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    // Pages are drawn without a pretended graphics card, which costs a tenth of the time.
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-software-rasterizer',
      '--disable-gpu-rasterization',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What the browser complained about: refused styles, failed requests, errors of scripts. */
  complaints: string[];
}

/** A new page in a context of its own, that notes what the browser complains about. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ ...phone, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  return { context, page, complaints };
}

interface Violation {
  id: string;
  help: string;
  nodes: { html: string }[];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds wrong with the page as it is shown now, a line each; empty: nothing. */
export async function findViolations(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own policy against scripts stays in force.
  await page.evaluate(axeSource);
  // Of the answer only these fields are read; to describe all that passed takes as long again.
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    "axe.run({ resultTypes: ['violations'] })",
  );
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
}

/** Whether something is wider than the screen. */
export async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
}

/** As a string, for only `src/web` knows a browser's types. */
const readShifts = `new Promise((resolve) => {
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (hadRecentInput) continue;
      const moved = sources.map(({ node }) => (node?.outerHTML ?? node?.textContent ?? '?').slice(0, 80));
      shifts.push({ value, moved });
    }
  }).observe({ type: 'layout-shift', buffered: true });
  setTimeout(() => resolve(shifts), 50);
})`;

/** How much has moved by itself since the page was opened, in the browser's own measure (0: nothing), and what. */
export async function shiftOf(page: Page): Promise<{ sum: number; moved: string[] }> {
  // What comes late comes within this; a page with a live stream is never idle.
  await page.waitForTimeout(400);
  const shifts = await page.evaluate<{ value: number; moved: string[] }[]>(readShifts);
  return {
    sum: shifts.reduce((sum, { value }) => sum + value, 0),
    moved: shifts.flatMap(({ moved }) => moved),
  };
}
