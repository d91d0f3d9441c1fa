import type { Fake, FakeFault } from '../../connector.ts';
import { createFaults, type TroubleWords } from './faults.ts';

/** Calls remembered; the oldest go first. */
const maxCalls = 200_000;

export interface ShellOptions {
  /** What stands before the provider's own paths; default nothing. */
  basePath?: string | undefined;
  now: () => Date;
  trouble: TroubleWords;
  /** Whether a call's query may be shown: sign-ins carry secrets there. */
  showsQuery: (path: string) => boolean;
  answer: (request: Request, path: string, query: URLSearchParams) => Promise<Response>;
}

/** What every fake does around its answers: keeps a list of calls without secrets, and breaks when told. */
export function createShell(options: ShellOptions): Fake {
  const { basePath = '', now, answer, showsQuery } = options;
  const calls: { method: string; path: string; status: number; at: string }[] = [];
  const faults = createFaults(options.trouble);

  return {
    async fetch(request) {
      const { path, search } = readTarget(request.url, basePath);
      const shown = search === '' || !showsQuery(path) ? path : `${path}?${search}`;
      const record = { method: request.method, path: shown, status: 0, at: now().toISOString() };
      calls.push(record);
      if (calls.length > maxCalls) calls.splice(0, maxCalls / 10);
      const fault = await faults.next(path);
      const response = fault ?? (await answer(request, path, new URLSearchParams(search)));
      record.status = response.status;
      return response;
    },
    setFault: (fault: FakeFault) => faults.set(fault),
    calls: () => calls,
  };
}

/** By hand: parsing a whole URL is the dearest part of a call. */
function readTarget(url: string, basePath: string): { path: string; search: string } {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const rest = start === -1 ? '/' : url.slice(start);
  const inside = basePath !== '' && rest.startsWith(basePath) ? rest.slice(basePath.length) : rest;
  const mark = inside.indexOf('?');
  return mark === -1
    ? { path: inside, search: '' }
    : { path: inside.slice(0, mark), search: inside.slice(mark + 1) };
}
