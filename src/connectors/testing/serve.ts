import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

export interface ServedFetch {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  url: string;
  /** Ends open connections at once, so that a call left hanging on purpose cannot hold a test. */
  close(): Promise<void>;
}

/**
 * Serves a Web-standard handler on a free loopback port. A handler that throws answers 500 without
 * a body. Nothing is shared between two calls.
 */
export async function serveFetch(
  handler: (request: Request) => Response | Promise<Response>,
): Promise<ServedFetch> {
  const listener = getRequestListener(handler, {
    errorHandler: () => new Response(null, { status: 500 }),
  });
  const server = createServer((request, response) => void listener(request, response));
  return serveOnLoopback(server);
}

/** On a free port; `close` cuts what is under way. */
export async function serveOnLoopback(server: Server): Promise<ServedFetch> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // An address object, not a string: the server listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
