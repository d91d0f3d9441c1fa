import type pg from 'pg';
import { startEmbedded } from '#db/embedded.ts';
import { migrate } from '#db/migrate.ts';
import { connectToListen, createPool, type Pool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';
import { systemClock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { ensureSecretKey } from '#lib/secret-file.ts';
import type { Env } from './env.ts';

/** What was started, to be stopped in reverse order. */
export interface Stops {
  push(stop: () => Promise<unknown>): unknown;
}

export interface Storage {
  /** For another process on this machine. */
  databaseUrl: string;
  pool: Pool;
  /** For the engine and what it asks about every step: lookups by key, in nobody's queue but its own. */
  hot: Pool;
  /** One connection for heartbeats: they must not wait behind flushes. */
  beats: Pool;
  /** A connection for LISTEN. */
  connect: () => Promise<pg.Client>;
  secretKeys: [Buffer, ...Buffer[]];
}

/** The database, embedded or given, migrated and with room for the coming months; and the keys to what is in it. */
export async function openStorage(env: Env, log: Log, stops: Stops): Promise<Storage> {
  const databaseUrl = env.databaseUrl ?? (await startOwn(env, log, stops));
  const pool = createPool({ url: databaseUrl });
  const hot = createPool({ url: databaseUrl, applicationName: 'segue engine', isHot: true });
  const beats = createPool({ url: databaseUrl, max: 1, applicationName: 'segue heartbeat' });
  stops.push(() => pool.close());
  stops.push(() => hot.close());
  stops.push(() => beats.close());
  await migrate(pool.pg);
  await makePartitions(pool.db, systemClock.now());
  // env.ts has asked for a key where the database is not ours.
  const secretKey = env.secretKey ?? ensureSecretKey(env.dataDir);
  const secretKeys: Storage['secretKeys'] = [secretKey];
  if (env.previousSecretKey !== null) secretKeys.push(env.previousSecretKey);
  return { databaseUrl, pool, hot, beats, connect: () => connectToListen(databaseUrl), secretKeys };
}

async function startOwn(env: Env, log: Log, stops: Stops): Promise<string> {
  const server = await startEmbedded({ dataDir: env.dataDir, log });
  stops.push(() => server.stop());
  return server.url;
}
