import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

const folder = new URL('../../migrations/', import.meta.url);

/** Two processes that start together migrate one after the other: the lock is the first statement. */
const lockId = 7_341_001;

/**
 * Applies the numbered files of `migrations/` that the database has not seen, each in its own
 * transaction. Repeating is a no-op; a file that changed after it was applied is refused, since
 * two installations would no longer be the same.
 */
export async function migrate(pool: pg.Pool): Promise<{ applied: string[] }> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockId]);
    return { applied: await applyMissing(client) };
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockId]).catch(() => undefined);
    client.release();
  }
}

async function applyMissing(client: pg.PoolClient): Promise<string[]> {
  await client.query(
    `create table if not exists migration (
       name text primary key, hash text not null, applied_at timestamptz not null default now())`,
  );
  const { rows } = await client.query<{ name: string; hash: string }>('select name, hash from migration');
  const known = new Map(rows.map((row) => [row.name, row.hash]));
  const applied: string[] = [];
  for (const name of await listMigrations()) {
    const text = await readFile(new URL(name, folder), 'utf8');
    const hash = createHash('sha256').update(text).digest('hex');
    const before = known.get(name);
    if (before === undefined) {
      await apply(client, name, text, hash);
      applied.push(name);
    } else if (before !== hash) {
      throw new Error(`migrations/${name} changed after it was applied; add a new file instead`);
    }
  }
  return applied;
}

async function apply(client: pg.PoolClient, name: string, text: string, hash: string) {
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into migration (name, hash) values ($1, $2)', [name, hash]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`migrations/${name} failed`, { cause: error });
  }
}

/** File names in order. */
export async function listMigrations(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => /^\d{3}_.+\.sql$/.test(name)).sort();
}

/** Whether the database has every migration of this program. */
export async function isMigrated(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ name: string }>('select name from migration');
  const applied = new Set(rows.map((row) => row.name));
  return (await listMigrations()).every((name) => applied.has(name));
}
