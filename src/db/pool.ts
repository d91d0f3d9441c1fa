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
  /** See `keyedPlans`. */
  isHot?: boolean;
}

/**
 * For connections of the hot path, whose every statement looks rows up by key, some hundred at a
 * time. Left alone the planner trusts statistics of tables that change entirely within a second: it
 * reads the whole of a table that was small a minute ago, and plans anew each time an array changes
 * length. The statements themselves avoid joins, whose order it would choose by the same statistics:
 * arrays of keys to find rows, laterals to look one up, an object by id to say what becomes of each.
 */
const keyedPlans = ['enable_seqscan=off', 'enable_bitmapscan=off', 'plan_cache_mode=force_generic_plan']
  .map((setting) => `-c ${setting}`)
  .join(' ');

export function createPool({ url, max = 12, applicationName = 'segue', isHot = false }: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    // Statements go out as they come; answers follow in order.
    pipeline: true,
    ...(isHot ? { options: keyedPlans } : {}),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  });
  // An idle connection that dies is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) });
  return { db, pg: pool, close: () => db.destroy() };
}

/** A connection of its own, outside every pool: to listen on. Losing it shows as its `end`. */
export async function connectToListen(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'segue listen' });
  // From the first moment: a connection cut as soon as it stands would end the process otherwise.
  client.on('error', () => undefined);
  await client.connect();
  return client;
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
  const adapters = new WeakMap<pg.PoolClient, PreparingClient>();
  const adapted: PostgresPool = {
    async connect() {
      const client = await pool.connect();
      let adapter = adapters.get(client);
      if (adapter === undefined) {
        adapter = adapt(client, nameOf);
        adapters.set(client, adapter);
      }
      // As: what Kysely asks of a client it gets; cursors are not used.
      return adapter as unknown as Awaited<ReturnType<PostgresPool['connect']>>;
    },
    end: () => pool.end(),
    options: {},
  };
  return adapted;
}

interface PreparingClient {
  query(text: string, values?: unknown[]): Promise<pg.QueryResult>;
  release(destroy?: boolean): void;
}

/** BEGIN before it was answered: it cannot fail but with its connection. */
const begun = { command: 'BEGIN', rowCount: null, rows: [], oid: 0, fields: [] } satisfies pg.QueryResult;

/**
 * Statements that are asked for in one turn go out in one write: each write wakes the server, which has
 * half a statement's worth to do, and costs this thread a system call.
 */
function gatherWrites({ connection: { stream } }: pg.PoolClient): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    stream.cork();
    process.nextTick(() => {
      isGathering = false;
      stream.uncork();
    });
  };
}

/** Kysely's view of a connection. The connection itself is not touched: others use it as it is. */
function adapt(client: pg.PoolClient, nameOf: (text: string) => string): PreparingClient {
  const gather = gatherWrites(client);
  return {
    query(text, values) {
      gather();
      if (values !== undefined && values.length > 0) {
        return client.query({ name: nameOf(text), text, values });
      }
      const answer = client.query(text);
      if (text !== 'begin') return answer;
      // The first statement need not wait for it.
      answer.catch(() => undefined);
      return Promise.resolve(begun);
    },
    release: (destroy) => client.release(destroy),
  };
}
