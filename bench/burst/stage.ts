import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import type { Tokens } from '#connectors/connector.ts';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { createPool, type Pool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import type { Ask } from './fakes.ts';
import { startChild, type Child } from './child.ts';
import { seedFans, seedProject, type Seeded } from './seed.ts';

export const number = '+16195550100';

export interface Stage {
  pool: Pool;
  databaseUrl: string;
  secretKey: Buffer;
  fakes: Child<{ sms: string; music: string; musicSettings: unknown }> & {
    ask(question: Ask): Promise<unknown>;
  };
  seeded: Seeded;
  sms: { accountSid: string; authToken: string };
  /** Fans with all they need; answers with their tokens by phone. */
  addFans(phones: readonly string[]): Promise<Map<string, string>>;
  /** Segue as a process of its own on this database. */
  startSegue(execArgv?: string[]): Promise<Child<{ url: string }>>;
  close(): Promise<void>;
}

/** A durable database of its own, the fakes in another process, and a project ready to be texted. */
export async function setStage(database: Record<string, string> = {}): Promise<Stage> {
  const dataDir = mkdtempSync(path.join('/tmp', 'segue-bench-'));
  chmodSync(dataDir, 0o755);
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const server = await startEmbedded({ dataDir, log: quiet, settings: database });
  const pool = createPool({ url: server.url, max: 4 });
  await migrate(pool.pg);
  await makePartitions(pool.db, new Date());
  const secretKey = randomBytes(32);
  const fakes = await startChild<{ sms: string; music: string; musicSettings: unknown }>(
    new URL('fakes.ts', import.meta.url),
  );
  const sms = (await fakes.ask({ ask: 'number', number })) as {
    accountSid: string;
    authToken: string;
    numbers: object[];
  };
  const wide = sms.numbers.map((one) => ({ ...one, partsPerSecond: 50_000 }));
  const settings = {
    sms: { ...sms, numbers: wide },
    music: { ...(fakes.ready.musicSettings as object), callsPer30Seconds: 1_000_000 },
  };
  const urls: Record<string, string> = { twilio: fakes.ready.sms, spotify: fakes.ready.music };
  const seeded = await seedProject(pool.db, secretKey, settings, (connector) => urls[connector] ?? '');
  return {
    pool,
    databaseUrl: server.url,
    secretKey,
    fakes,
    seeded,
    sms,
    async addFans(phones) {
      const tokens = (await fakes.ask({ ask: 'grants', users: [...phones] } satisfies Ask)) as Tokens[];
      await seedFans(pool.db, secretKey, seeded, phones, tokens);
      return new Map(phones.map((phone, at) => [phone, tokens[at]?.accessToken ?? '']));
    },
    startSegue: (execArgv = []) => startSegue(server.url, secretKey, urls, execArgv),
    async close() {
      await fakes.stop();
      await pool.close();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function startSegue(
  databaseUrl: string,
  secretKey: Buffer,
  urls: Record<string, string>,
  execArgv: string[],
) {
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey.toString('base64'),
    SANDBOX: 'off',
    LOG_LEVEL: 'warn',
    PROVIDER_BASE_URLS: JSON.stringify(
      Object.fromEntries(Object.entries(urls).map(([connector, url]) => [`${connector}:test`, url])),
    ),
  });
  return startChild<{ url: string }>(new URL('segue.ts', import.meta.url), execArgv);
}

/** Numbers of one American area code, `count` of them from the `from`-th on. */
export function phonesFrom(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `+1212${2_000_000 + from + at}`);
}

/** Waits until no work is open; the database is asked ten times a second. */
export async function untilDone(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from work`.execute(pool.db);
    if (rows[0]?.count === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function commits(pool: Pool): Promise<number> {
  const { rows } = await sql<{ commits: number }>`
    select xact_commit::int as commits from pg_stat_database where datname = current_database()`.execute(
    pool.db,
  );
  return rows[0]?.commits ?? 0;
}
