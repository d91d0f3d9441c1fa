/**
 * Vitest global setup: one PostgreSQL for the whole run, from which each test file takes databases
 * of its own. `TEST_DATABASE_URL` (a superuser's) uses a server that runs already; `TEST_FSYNC=on`
 * keeps the embedded one as durable as in production.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '#db/embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a superuser, in the maintenance database `postgres`. */
    adminUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    project.provide('adminUrl', given);
    return undefined;
  }
  const dataDir = mkdtempSync(path.join('/tmp', 'segue-test-'));
  // The server's own account, where root runs the tests, has to get in.
  chmodSync(dataDir, 0o755);
  const isDurable = process.env['TEST_FSYNC'] === 'on';
  const server = await startEmbedded({ dataDir, log: quiet, settings: isDurable ? {} : notDurable });
  const adminUrl = new URL(server.url);
  adminUrl.pathname = '/postgres';
  project.provide('adminUrl', adminUrl.href);
  return async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

const notDurable = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
};

const quiet = {
  debug: () => undefined,
  info: () => undefined,
  warn: (details: object, message: string) => console.warn(message, details),
};
