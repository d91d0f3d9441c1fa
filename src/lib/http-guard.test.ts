import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { createHttp, HttpFailure } from './http.ts';

const paths: string[] = [];
const server = createServer((request, response) => {
  paths.push(request.url ?? '');
  response.end('ok');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const http = createHttp();
afterAll(async () => {
  await http.close();
  server.close();
});

test('a call that may leave leaves', async () => {
  const response = await http({ method: 'POST', url: `${url}/yes`, body: 'x', mayLeave: () => true });
  expect(response.text).toBe('ok');
});

test('a call whose process may not act any more never leaves, and says so', async () => {
  // Asked when the bytes are about to go: true while it was being prepared.
  const failure = await http({ method: 'POST', url: `${url}/no`, body: 'x', mayLeave: () => false }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(HttpFailure);
  expect(failure).toMatchObject({ mayHaveArrived: false });
  expect(paths).toEqual(['/yes']);
});
