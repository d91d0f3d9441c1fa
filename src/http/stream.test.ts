import { serve } from '@hono/node-server';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startApi } from './testing.ts';

const api = await startApi();

test('a live page that is closed is forgotten within a second, though nothing happens', async () => {
  const { key } = await api.addProject();
  const server = serve({ fetch: api.app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  // As: it listens on a port, not on a path.
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/runs/stream`, {
    headers: { authorization: `Bearer ${key}` },
    signal: abort.signal,
  });
  const reader = response.body!.getReader();
  await reader.read();
  expect(api.runFeed.streams).toBe(1);
  abort.abort();
  await expect.poll(() => api.runFeed.streams, { timeout: 1_000 }).toBe(0);
  server.close();
});
