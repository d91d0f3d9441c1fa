import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Arrival {
  /** `run:position:service`. */
  key: string;
  effect: string;
  process: string;
  payload: string;
  at: number;
}

/**
 * A programmable provider in a process of its own (that of the test): whatever arrives counts as
 * carried out, even if the caller never hears of it. `once` does not know keys; `keyed` does.
 */
export async function startProvider() {
  const arrivals: Arrival[] = [];
  /** Found without a search: this process answers hundreds of calls at once and must not fall behind. */
  const first = new Map<string, Arrival>();
  const mistakes: string[] = [];
  let behave: (arrival: Arrival, count: number) => Promise<number> | number = () => 200;

  async function call(request: IncomingMessage, response: ServerResponse, url: URL) {
    let payload = '';
    for await (const chunk of request) payload += String(chunk);
    const arrival: Arrival = {
      key: url.searchParams.get('key') ?? '',
      effect: url.searchParams.get('effect') ?? '',
      process: url.searchParams.get('process') ?? '',
      payload,
      at: performance.now(),
    };
    const before = first.get(arrival.key);
    if (before && arrival.effect === 'keyed' && before.payload !== payload)
      mistakes.push(`payload of ${arrival.key}`);
    arrivals.push(arrival);
    if (before === undefined) first.set(arrival.key, arrival);
    response.statusCode = await behave(arrival, arrivals.length);
    response.end(JSON.stringify({ id: arrival.key }));
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://provider');
    if (url.pathname === '/call') {
      call(request, response, url).catch(() => response.destroy());
      return;
    }
    // Look-up: has a call of this key arrived?
    response.end(JSON.stringify({ found: first.has(url.searchParams.get('key') ?? '') }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals,
    /** What a caller may never do, as far as the provider can see. */
    mistakes,
    behaveAs(next: typeof behave) {
      behave = next;
    },
    /** Keys of *once* calls that arrived more than once. */
    repeated(): string[] {
      const once = arrivals.filter((one) => one.effect === 'once');
      return [...Map.groupBy(once, (one) => one.key)]
        .filter(([, group]) => group.length > 1)
        .map(([key]) => key);
    },
    /** Runs whose steps were first called in another order than theirs. */
    disordered(): string[] {
      const firsts = [...new Map(arrivals.toReversed().map((one) => [one.key, one])).values()].sort(
        (a, b) => a.at - b.at,
      );
      return [...Map.groupBy(firsts, (one) => one.key.split(':')[0] ?? '')]
        .filter(([, group]) =>
          group.some(
            (one, at) => at > 0 && Number(one.key.split(':')[1]) < Number(group[at - 1]?.key.split(':')[1]),
          ),
        )
        .map(([run]) => run);
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export type Provider = Awaited<ReturnType<typeof startProvider>>;
