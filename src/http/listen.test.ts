import { expect, test } from 'vitest';
import { clientAddress, listen } from './listen.ts';

test('a request before the doors are open is asked to come again; later the handler sees who asks', async () => {
  const door = await listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${door.port}/`;
  expect((await fetch(url)).status).toBe(503);
  door.serve((request, connected) => new Response(clientAddress(request, connected, false)));
  expect(await (await fetch(url, { headers: { 'x-forwarded-for': '9.9.9.9' } })).text()).toBe('127.0.0.1');
  door.serve((request, connected) => new Response(clientAddress(request, connected, true)));
  // Only the last entry is the proxy's own; the first is whatever the caller wrote.
  expect(await (await fetch(url, { headers: { 'x-forwarded-for': '1.1.1.1, 9.9.9.9' } })).text()).toBe(
    '9.9.9.9',
  );
  await door.close();
});

test('a port in use is an error at once', async () => {
  const door = await listen(0, '127.0.0.1');
  await expect(listen(door.port, '127.0.0.1')).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await door.close();
});
