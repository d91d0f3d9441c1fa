import { sql } from 'kysely';
import type { FakeStore } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { cleanText } from '#lib/clean-text.ts';

/** Where each fake of the sandbox keeps what it was told. */
export interface FakeStores {
  of(connector: string, connectionId: string): FakeStore;
  /** Resolves when everything written so far is kept, or was refused to its writer. */
  flush(): Promise<void>;
}

/** Rows a statement; more wait for the next. */
const maxRows = 500;

type Kind = 'append' | 'put' | 'remove';

interface Write {
  kind: Kind;
  connector: string;
  connectionId: string;
  collection: string;
  id: string;
  value: string;
  /** Several, where a later `put` took an earlier one's place before it was written. */
  waiting: { resolve(): void; reject(error: unknown): void }[];
}

/**
 * Fakes' stores in the schema `sandbox`. A write resolves after its commit; what arrives while a
 * commit is under way goes with the next, so that a burst costs a few statements. Reads see every
 * write that was called before them. One process writes: the one that serves HTTP.
 */
export function createFakeStores(db: Db): FakeStores {
  const queue = createWriteQueue((batch) => writeBatch(db, batch));

  return {
    flush: () => queue.idle(),
    of(connector, connectionId) {
      const write = (kind: Kind, collection: string, id: string, value: unknown) =>
        queue.add({
          kind,
          connector,
          connectionId,
          collection: cleanText(collection),
          id: cleanText(id),
          value: JSON.stringify(value) ?? 'null',
        });
      return {
        append: (collection, id, value) => write('append', collection, id, value),
        put: (collection, id, value) => write('put', collection, id, value),
        remove: (collection, id) => write('remove', collection, id, null),
        async get(collection, id) {
          await queue.idle();
          const { rows } = await sql<{ value: string }>`
            select value from sandbox.entry
             where connector = ${connector} and connection_id = ${connectionId}
               and collection = ${cleanText(collection)} and id = ${cleanText(id)}`.execute(db);
          return rows[0] === undefined ? undefined : (JSON.parse(rows[0].value) as unknown);
        },
        async list(collection) {
          await queue.idle();
          const { rows } = await sql<{ id: string; value: string }>`
            select id, value from sandbox.entry
             where connector = ${connector} and connection_id = ${connectionId}
               and collection = ${cleanText(collection)} order by position`.execute(db);
          return rows.map(({ id, value }) => ({ id, value: JSON.parse(value) as unknown }));
        },
      };
    },
  };
}

/** Batches in the order of writing, in each of which a row is named once. */
function createWriteQueue(flush: (batch: Write[]) => Promise<void>) {
  const batches: Map<string, Write>[] = [];
  let draining: Promise<void> | undefined;

  /** A row that the last batch names already opens a new one, but for `put` upon `put`: the last counts. */
  function place(write: Write): void {
    const key = JSON.stringify([write.connector, write.connectionId, write.collection, write.id]);
    const last = batches.at(-1);
    const earlier = last?.get(key);
    if (earlier?.kind === 'put' && write.kind === 'put') {
      earlier.value = write.value;
      earlier.waiting.push(...write.waiting);
    } else if (last === undefined || earlier !== undefined || last.size >= maxRows) {
      batches.push(new Map([[key, write]]));
    } else {
      last.set(key, write);
    }
  }

  async function drain(): Promise<void> {
    // What else is written in this turn of the event loop rides along.
    await Promise.resolve();
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const writes = [...batch.values()];
      await flush(writes).catch((error: unknown) => {
        for (const { waiting } of writes) for (const one of waiting) one.reject(error);
      });
    }
    // In the same turn as the last look: a write that comes after it starts anew.
    draining = undefined;
  }

  return {
    add(write: Omit<Write, 'waiting'>): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      place({ ...write, waiting: [{ resolve, reject }] });
      draining ??= drain();
      return promise;
    },
    async idle(): Promise<void> {
      await draining;
    },
  };
}

async function writeBatch(db: Db, batch: readonly Write[]): Promise<void> {
  const rows = batch.map(({ kind, connector, connectionId, collection, id, value }, index) => ({
    kind,
    connector,
    connection_id: connectionId,
    collection,
    id,
    value,
    nr: index,
  }));
  const { rows: added } = await sql<{ nr: number }>`
    with given as (
      select * from json_to_recordset(${JSON.stringify(rows)}::json)
        as g(kind text, connector text, connection_id uuid, collection text, id text, value text, nr int)),
    removed as (
      delete from sandbox.entry e using given g
       where g.kind = 'remove' and e.connector = g.connector and e.connection_id = g.connection_id
         and e.collection = g.collection and e.id = g.id),
    replaced as (
      insert into sandbox.entry (connector, connection_id, collection, id, value)
      select connector, connection_id, collection, id, value from given where kind = 'put' order by nr
      on conflict (connector, connection_id, collection, id) do update set value = excluded.value),
    appended as (
      insert into sandbox.entry (connector, connection_id, collection, id, value)
      select connector, connection_id, collection, id, value from given where kind = 'append' order by nr
      on conflict do nothing returning connector, connection_id, collection, id)
    select g.nr from appended a join given g using (connector, connection_id, collection, id)`.execute(db);
  const addedNrs = new Set(added.map(({ nr }) => nr));
  batch.forEach(({ kind, collection, id, waiting }, index) => {
    const isRefused = kind === 'append' && !addedNrs.has(index);
    for (const one of waiting) {
      if (isRefused) one.reject(new Error(`${collection}/${id} exists already`));
      else one.resolve();
    }
  });
}
