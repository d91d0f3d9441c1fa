/** Child process: a bare server that answers every GET and every POST with the bytes it was given. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  status: number;
  headers: [string, string][];
  body: string;
}

let answers: { get: Answer; post: Answer } | undefined;

const server = createServer((request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    const answer = request.method === 'POST' ? answers?.post : answers?.get;
    if (answer === undefined) return void response.writeHead(503).end();
    response.writeHead(answer.status, answer.headers.flat()).end(answer.body);
  });
});
process.on('message', (message: { id: number; question: typeof answers }) => {
  answers = message.question;
  process.send?.({ id: message.id, value: true });
});
server.listen(0, '127.0.0.1', () => {
  // An address object: it listens on a port.
  const { port } = server.address() as AddressInfo;
  process.send?.({ id: 0, value: { url: `http://127.0.0.1:${port}` } });
});
process.on('SIGTERM', () => process.exit(0));
