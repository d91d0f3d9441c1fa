import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

/** What Node knows of a request beside what the web's Request holds. */
export interface Connected {
  incoming: IncomingMessage;
}

type Handler = (request: Request, connected: Connected) => Response | Promise<Response>;

export interface Listening {
  port: number;
  /** From now on requests go here; until then they get 503. */
  serve(handler: Handler): void;
  /** Takes no new connections, lets requests under way end for a moment, then closes. */
  close(): Promise<void>;
}

const closeAfterMs = 3_000;

/** Takes the port first, so that a port in use is found out before anything else is started. */
export async function listen(port: number, host: string): Promise<Listening> {
  let handler: Handler = () => new Response('Starting.', { status: 503, headers: { 'retry-after': '1' } });
  const listener = getRequestListener((request, { incoming }) =>
    handler(request, { incoming: incoming as IncomingMessage }),
  );
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

/**
 * The network address of who asks: the connection's, or behind a trusted proxy the last one that it
 * put into `X-Forwarded-For` (earlier ones are whatever the caller wrote there).
 */
export function clientAddress(
  request: Request,
  { incoming }: Partial<Connected>,
  isProxyTrusted: boolean,
): string | null {
  const forwarded = isProxyTrusted
    ? request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
    : undefined;
  return forwarded || (incoming?.socket.remoteAddress ?? null);
}
