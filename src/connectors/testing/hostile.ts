import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { serveOnLoopback, type ServedFetch } from './serve.ts';

/** One way to answer badly; `status` and `body` are sent as they stand. */
export type HostileAnswer =
  | { kind: 'answer'; status: number; body?: string; headers?: Record<string, string> }
  /** A 400 whose message repeats everything that was sent, headers and body. */
  | { kind: 'echo'; shape: (echo: string) => unknown }
  /** Headers and half of the body, then the socket ends. */
  | { kind: 'half-closed' }
  /** The socket ends before a byte. */
  | { kind: 'reset' }
  /** Nothing, ever. */
  | { kind: 'silent' };

export interface HostileServer extends ServedFetch {
  /** Requests so far, as `METHOD /path?query`. */
  seen: string[];
  /** Answers in turn; the last one stays. */
  answerWith(...answers: HostileAnswer[]): void;
}

/** A provider at its worst, on a free loopback port: for what no honest fake would answer. */
export async function serveHostile(): Promise<HostileServer> {
  let answers: HostileAnswer[] = [{ kind: 'answer', status: 500 }];
  const seen: string[] = [];

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}`);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      const echo = `${JSON.stringify(request.headers)} ${Buffer.concat(chunks).toString()}`;
      if (answer !== undefined) send(response, answer, echo);
    });
  });
  const served = await serveOnLoopback(server);

  return {
    ...served,
    seen,
    answerWith(...next) {
      answers = next;
      seen.length = 0;
    },
  };
}

function send(response: ServerResponse, answer: HostileAnswer, echo: string): void {
  if (answer.kind === 'silent') return;
  if (answer.kind === 'reset') {
    response.socket?.destroy();
    return;
  }
  if (answer.kind === 'half-closed') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"items":[');
    setImmediate(() => response.socket?.destroy());
    return;
  }
  if (answer.kind === 'echo') {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.shape(echo)));
    return;
  }
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  response.end(answer.body ?? '');
}
