import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';
import pg from 'pg';
import type { Db } from './database.ts';
import type { Schema } from './schema.ts';

// bigint columns hold counters far below 2^53; numbers are what every caller wants.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface Pool {
  db: Db;
  /** The pool itself, for LISTEN and for libraries that bring their own SQL. */
  pg: pg.Pool;
  close(): Promise<void>;
}

export interface PoolOptions {
  url: string;
  /** Connections; two cores are busy with far fewer. */
  max?: number;
  applicationName?: string;
}

export function createPool({ url, max = 12, applicationName = 'segue' }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that dies is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  return { db, pg: pool, close: () => db.destroy() };
}

/**
 * Gives every parameterised statement a name, so that each connection parses it once. The texts
 * come from code, not from data: their number is bounded.
 */
function preparing(pool: pg.Pool): PostgresPool {
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    let name = names.get(text);
    if (name === undefined) {
      name = createHash('sha1').update(text).digest('base64url');
      names.set(text, name);
    }
    return name;
  };
  const wrapped = new WeakSet<object>();
  const adapted: PostgresPool = {
    async connect() {
      const client = await pool.connect();
      if (!wrapped.has(client)) {
        wrapped.add(client);
        const query = client.query.bind(client) as (config: unknown) => unknown;
        // Kysely's driver calls query(text, values) or query(cursor); only the first is ours to name.
        const named = (first: unknown, values?: unknown[]) =>
          typeof first === 'string' && values !== undefined && values.length > 0
            ? query({ name: nameOf(first), text: first, values })
            : query(typeof first === 'string' ? { text: first, values } : first);
        Object.assign(client, { query: named });
      }
      // The cast: pg's PoolClient fulfils Kysely's narrower client interface.
      return client as unknown as Awaited<ReturnType<PostgresPool['connect']>>;
    },
    end: () => pool.end(),
    options: {},
  };
  return adapted;
}
