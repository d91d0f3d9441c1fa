import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { isWebhookSigned } from '#lib/standard-webhooks.ts';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver over a socket, which answers what it is told to. */
export async function startReceiver() {
  const received: Received[] = [];
  /** What is answered next; the last one stands. */
  let answers: { status: number; headers?: Record<string, string>; body?: string }[] = [{ status: 204 }];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(pieces).toString() });
      const [answer = { status: 204 }] = answers.length > 1 ? answers.splice(0, 1) : answers;
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  const { port } = server.address() as AddressInfo; // As: it listens on a port.
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (...next: typeof answers) => {
      answers = next;
    },
  };
}

/** As a receiver checks it. */
export function isSignedBy(secret: string, { headers, body }: Received): boolean {
  const header = (name: string) => String(headers[name]);
  return isWebhookSigned(
    secret,
    {
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      rawBody: Buffer.from(body),
    },
    new Date(),
  );
}
