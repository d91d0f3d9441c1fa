import { spawn } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../db.ts';
import { linkIn } from './browser.ts';
import { apiKey, createStage, day, environment, hour, phones, secretKey, type Json } from './stage.ts';

/** The app as `npm start` runs it, with every line that it writes. */
async function startProcess(databaseUrl: string): Promise<{ url: string; lines: () => string }> {
  const env = { ...process.env, ...environment(databaseUrl), LOG_LEVEL: 'trace' };
  const child = spawn(process.execPath, ['src/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  let lines = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (lines += text));
  const address = () => /Segue is at (http:\/\/[\d.:]+)/.exec(lines)?.[1];
  await expect.poll(address, { timeout: 20_000, message: 'the address' }).toBeDefined();
  return { url: address() ?? '', lines: () => lines };
}

/** Every token that the services' fakes gave out, from their own books. */
async function tokensGiven(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    "select id from sandbox.entry where collection in ('access_tokens', 'refresh_tokens')",
  );
  await client.end();
  return rows.map((row) => row.id);
}

test('R64 no answer and no log line of a whole run holds a token, a key or a secret, and no log line a number', async () => {
  const { url: databaseUrl } = await createTestDatabase();
  const app = await startProcess(databaseUrl);
  const heard: { from: string; answer: string }[] = [];
  const stage = await createStage({ url: app.url, databaseUrl }, (from, answer) =>
    heard.push({ from, answer }),
  );

  await stage.text(phones.unknown, 'presave');
  await stage.connect((await stage.got(phones.unknown))[0] ?? '', 'mara-lindqvist');
  await stage.text(phones.connected, 'presave');
  await stage.text(phones.ranOut, 'presave');
  await stage.fault('twilio', 'error', 1);
  await stage.fault('spotify', 'error', 2);
  await stage.text('+13035550199', 'presave');
  await stage.idle();
  // Catching up meets this one, and is logged.
  await stage.fault('twilio', 'error', 1);
  await stage.advance(25 * hour);
  await stage.sandbox('POST', '/spotify/revoke', { user: 'ines-halloran' });
  await stage.text(phones.connected, 'presave');
  await stage.advance(11 * day);
  await stage.undo(await stage.open(linkIn((await stage.got(phones.unknown))[0] ?? '')), 'save');
  expect((await stage.library('mara-lindqvist')).following).toHaveLength(1);
  const { items: connections } = await stage.api('GET', '/connections');
  for (const path of ['/runs', '/fans', '/flows', '/releases', '/segments', '/usage'])
    await stage.api('GET', path);
  for (const path of ['/metrics', '/api/docs', '/api/v1/openapi.json', '/healthz']) await stage.open(path);
  await fetch(`${app.url}/api/v1/runs`, { headers: { authorization: 'Bearer wrong' } });

  const revealed: string[] = [];
  for (const { id, secretsSet } of connections as Json[]) {
    const { settings } = await stage.sandbox('GET', `/connections/${String(id)}`);
    for (const name of secretsSet as string[]) revealed.push(String(settings[name]));
  }
  const tokens = await tokensGiven(databaseUrl);
  expect(revealed.length).toBeGreaterThanOrEqual(connections.length);
  expect(tokens.length).toBeGreaterThanOrEqual(8);

  // That one door shows a fake's keys, so that webhooks can be signed by hand.
  const answers = heard.filter(({ from }) => !from.startsWith('/sandbox/api/connections/'));
  expect(answers.length).toBeGreaterThan(40);
  const secrets = [...tokens, ...revealed, secretKey];
  const telling = answers.filter(({ answer }) => [...secrets, apiKey].some((one) => answer.includes(one)));
  expect(telling.map(({ from }) => from)).toEqual([]);
  // Nor does an address, of ours or of a provider's: it would stand in other people's logs.
  const called: string[] = [];
  for (const { connector } of connections as Json[]) called.push(...(await stage.calls(String(connector))));
  expect(called.length).toBeGreaterThan(10);
  const addresses = [...called, ...heard.map(({ from }) => from)];
  expect(addresses.filter((one) => [...secrets, apiKey].some((secret) => one.includes(secret)))).toEqual([]);
  // The greeting shows the demo's key to whoever started it; the log does not.
  const log = app
    .lines()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(log.length).toBeGreaterThan(0);
  const hidden = [...secrets, apiKey, ...Object.values(phones)];
  expect(log.filter((line) => hidden.some((one) => line.includes(one)))).toEqual([]);
  expect(secrets.filter((one) => app.lines().includes(one))).toEqual([]);
});
