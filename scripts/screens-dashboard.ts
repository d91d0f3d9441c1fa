import type { Page } from 'playwright-core';
import type { App } from '../src/app.ts';

type Shoot = (page: Page, what: string) => Promise<unknown>;

/** Places of a project, by the names of their pictures. */
const places = {
  home: '/',
  flows: '/flows',
  'new-flow': '/flows/new',
  runs: '/runs',
  fans: '/fans',
  segments: '/segments',
  releases: '/releases',
  pages: '/pages',
  artists: '/artists',
  inbox: '/inbox',
  usage: '/usage',
  connections: '/connect',
  'go-live': '/connect/go-live',
  'new-connection': '/connect/new',
  settings: '/settings',
  people: '/settings/people',
  keys: '/settings/keys',
  webhooks: '/settings/webhooks',
  plan: '/settings/plan',
  log: '/settings/log',
  projects: '/settings/projects',
  you: '/settings/you',
};

/** One of each that has a page of its own: the first that the API lists. */
const ones = {
  flow: { list: '/flows?q=presave', at: (id: string) => `/flows/${id}` },
  'flow-runs': { list: '/flows?q=presave', at: (id: string) => `/flows/${id}/runs` },
  'flow-results': { list: '/flows?q=presave', at: (id: string) => `/flows/${id}/results` },
  run: { list: '/runs', at: (id: string) => `/runs/${id}` },
  fan: { list: '/fans', at: (id: string) => `/fans/${id}` },
  evidence: { list: '/fans', at: (id: string) => `/fans/${id}/evidence` },
  segment: { list: '/segments', at: (id: string) => `/segments/${id}` },
  release: { list: '/releases', at: (id: string) => `/releases/${id}` },
  'release-day': { list: '/releases', at: (id: string) => `/releases/${id}/day` },
  page: { list: '/pages', at: (id: string) => `/pages/${id}` },
  artist: { list: '/artists', at: (id: string) => `/artists/${id}` },
  connection: { list: '/connections', at: (id: string) => `/connect/${id}` },
};

/** Every page of the demo's project, by somebody who is signed in. */
export async function dashboardPages({ url, summary }: App, page: Page, shoot: Shoot): Promise<void> {
  const visit = async (what: string, place: string) => {
    await page.goto(`${url}/@nova-reyes${place}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' });
    if (await page.getByRole('complementary', { name: /^Sandbox/ }).isVisible())
      await page.getByRole('button', { name: 'Move the clock' }).waitFor();
    await shoot(page, what);
  };
  for (const [what, place] of Object.entries(places)) await visit(what, place);
  const headers = { authorization: `Bearer ${summary.apiKey}` };
  for (const [what, { list, at }] of Object.entries(ones)) {
    const answer = await fetch(`${url}/api/v1${list}`, { headers });
    // As: every list of the API has this shape, and the demo has one of each.
    const { items } = (await answer.json()) as { items: { id: string }[] };
    const [first] = items;
    if (first === undefined) throw new Error(`the demo has nothing at ${list}`);
    await visit(what, at(first.id));
  }
}
