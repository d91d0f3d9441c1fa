import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface Listening {
  port: number;
  /** From now on requests go here; until then they get 503. */
  serve(handler: (request: Request) => Response | Promise<Response>): void;
  /** Takes no new connections, lets requests under way end for a moment, then closes. */
  close(): Promise<void>;
}

const closeAfterMs = 3_000;

/** Takes the port first, so that a port in use is found out before anything else is started. */
export async function listen(port: number, host: string): Promise<Listening> {
  let handler: (request: Request) => Response | Promise<Response> = () =>
    new Response('Starting.', { status: 503, headers: { 'retry-after': '1' } });
  const listener = getRequestListener((request) => handler(request));
  const server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port, // it listens on a port, not on a pipe
    serve: (next) => void (handler = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), closeAfterMs).unref();
      }),
  };
}
