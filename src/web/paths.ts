/**
 * Every link of the dashboard is made here. Inside a project paths begin at the project's own root
 * (`/@nova-reyes`), which the router puts in front.
 */
export const paths = {
  home: () => '/',
  flows: (filter: { state?: 'active' } = {}) => `/flows${search(filter)}`,
  newFlow: () => '/flows/new',
  flow: (flowId: string) => `/flows/${flowId}`,
  flowRuns: (flowId: string) => `/flows/${flowId}/runs`,
  flowResults: (flowId: string) => `/flows/${flowId}/results`,
  runs: (filter: RunFilter = {}) => `/runs${search(filter)}`,
  run: (runId: string) => `/runs/${runId}`,
  fans: (filter: { q?: string; segment?: string } = {}) => `/fans${search(filter)}`,
  fan: (fanId: string) => `/fans/${fanId}`,
  fanEvidence: (fanId: string) => `/fans/${fanId}/evidence`,
  segments: () => '/segments',
  segment: (segmentId: string) => `/segments/${segmentId}`,
  releases: () => '/releases',
  release: (releaseId: string) => `/releases/${releaseId}`,
  releaseDay: (releaseId: string) => `/releases/${releaseId}/day`,
  pages: () => '/pages',
  page: (pageId: string) => `/pages/${pageId}`,
  artists: () => '/artists',
  artist: (artistId: string) => `/artists/${artistId}`,
  inbox: () => '/inbox',
  usage: () => '/usage',
  connections: () => '/connect',
  newConnection: () => '/connect/new',
  connection: (connectionId: string) => `/connect/${connectionId}`,
  goLive: () => '/connect/go-live',
  settings: (place = '') => (place === '' ? '/settings' : `/settings/${place}`),
};

export interface RunFilter {
  flow?: string;
  fan?: string;
  state?: string;
  status?: string;
  reason?: string;
  since?: string;
}

/** Outside any project; to be opened with a full load. */
export const outside = {
  start: () => '/',
  project: (slug: string) => `/@${slug}/`,
  signIn: () => '/sign-in',
};

/** The part of an address that names the project: `/@nova-reyes`; null outside any. */
export function projectRootOf(pathname: string): { root: string; slug: string } | null {
  const slug = /^\/@([a-z0-9-]+)(?:\/|$)/.exec(pathname)?.[1];
  return slug === undefined ? null : { root: `/@${slug}`, slug };
}

function search(filter: object): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? '' : `?${query.toString()}`;
}
