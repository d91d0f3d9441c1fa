/** A provider in a process of its own: answers at once and counts what arrives, by key. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const counts = new Map<string, number>();
let total = 0;

const server = createServer((request, response) => {
  const url = request.url ?? '/';
  if (url === '/counts') {
    const repeated = [...counts.values()].filter((count) => count > 1).length;
    response.end(JSON.stringify({ total, distinct: counts.size, repeated }));
    return;
  }
  if (url === '/reset') {
    counts.clear();
    total = 0;
    response.end('{}');
    return;
  }
  request.resume();
  request.on('end', () => {
    total++;
    counts.set(url, (counts.get(url) ?? 0) + 1);
    response.setHeader('content-type', 'application/json');
    response.end('{"id":"1"}');
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port); // listening on TCP
});
