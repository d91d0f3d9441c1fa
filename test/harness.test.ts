import net from 'node:net';
import pg from 'pg';
import { expect, inject, test } from 'vitest';

test('the test server speaks UTF-8, lives in UTC and answers on a unix socket only', async () => {
  const client = new pg.Client({ connectionString: inject('adminUrl') });
  await client.connect();
  const { rows } = await client.query(
    `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone`,
  );
  await client.end();
  expect(rows).toEqual([{ encoding: 'UTF8', zone: 'UTC' }]);
});

test('a connection to the world is refused and names the host', () => {
  expect(() => net.connect(443, 'example.com')).toThrow(/example\.com/);
  expect(() => net.connect({ host: '192.0.2.1', port: 80 })).toThrow(/192\.0\.2\.1/);
});

test('fetch to the world is refused and names the host', async () => {
  const refused = await fetch('http://example.com/').catch((error: Error) => error);
  expect(String((refused as Error).cause)).toMatch(/example\.com/);
});
