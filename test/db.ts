import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { listMigrations, migrate } from '#db/migrate.ts';
import { createPool, type Pool } from '#db/pool.ts';
import { makePartitions } from '#engine/partitions.ts';

/**
 * A database of one's own, cloned from a migrated template (tens of milliseconds), dropped after
 * the file. The template is made once a server, by whoever comes first.
 */
export async function createTestDatabase(): Promise<Pool & { url: string }> {
  const adminUrl = inject('adminUrl');
  const template = await ensureTemplate(adminUrl);
  const name = `t_${crypto.randomUUID().replaceAll('-', '')}`;
  await admin(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock_shared(1)');
    await client.query(`create database ${name} template ${template}`);
  });
  const url = urlOf(adminUrl, name);
  const pool = createPool({ url, max: 12 });
  afterAll(async () => {
    await pool.close();
    await admin(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
  });
  return { ...pool, url };
}

async function ensureTemplate(adminUrl: string): Promise<string> {
  const name = `template_${await migrationsHash()}`;
  await admin(adminUrl, async (client) => {
    await client.query('select pg_advisory_lock(1)');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const building = `${name}_new`;
    await client.query(`drop database if exists ${building}`);
    await client.query(`create database ${building}`);
    const pool = createPool({ url: urlOf(adminUrl, building), max: 2 });
    await migrate(pool.pg);
    await makePartitions(pool.db, new Date());
    await pool.close();
    await client.query(`alter database ${building} rename to ${name}`);
  });
  return name;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await listMigrations()) {
    hash.update(await readFile(new URL(`../migrations/${name}`, import.meta.url)));
  }
  // Partitions are part of the template and follow the month.
  return hash.update(new Date().toISOString().slice(0, 7)).digest('hex').slice(0, 20);
}

/** A connection string's other database; a socket's path is kept as it is. */
function urlOf(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function admin(adminUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
