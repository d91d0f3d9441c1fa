import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';
import type { Connections } from './connections.ts';
import { moveConnectionGates } from './move-gates.ts';

/** A busy connection succeeds thousands of times a second: its row says so every ten. */
const quietMs = 10_000;

interface Noted {
  atMs: number;
  what: string;
}

/**
 * Keeps `last_success_at`, `last_webhook_at`, `last_error` and the state of connections: at most one write in ten
 * seconds a connection, but at once when it starts or stops failing. A disabled one stays disabled.
 * Writes run beside the call that noted them; one that fails is only logged.
 */
export function createHealth(
  db: Db,
  log: Log,
  onStateChange: () => Promise<void>,
): Pick<Connections, 'noteSuccess' | 'noteWebhook' | 'noteError'> & { settled(): Promise<void> } {
  const noted = new Map<string, Noted>();
  const writes = new Set<Promise<unknown>>();

  function isDue(connectionId: string, what: string): boolean {
    const nowMs = performance.now();
    const last = noted.get(connectionId);
    if (last !== undefined && last.what === what && nowMs - last.atMs < quietMs) return false;
    noted.set(connectionId, { atMs: nowMs, what });
    return true;
  }

  function run(write: Promise<unknown>) {
    const logged = write.catch((error: unknown) =>
      log.warn({ err: error }, 'the health of a connection was not noted'),
    );
    writes.add(logged);
    void logged.finally(() => writes.delete(logged));
  }

  return {
    noteSuccess(connectionId) {
      if (isDue(connectionId, 'success')) run(writeSuccess(db, connectionId).then(onStateChange));
    },
    noteWebhook(connectionId) {
      // Of its own: what comes in says nothing about what goes out.
      if (isDue(`${connectionId} webhook`, 'webhook')) run(writeWebhook(db, connectionId));
    },
    noteError(connectionId, reason, state) {
      if (isDue(connectionId, state ?? 'failing')) {
        run(writeError(db, connectionId, reason, state ?? null).then(onStateChange));
      }
    },
    async settled() {
      await Promise.all(writes);
    },
  };
}

async function writeSuccess(db: Db, connectionId: string): Promise<void> {
  const { rows } = await sql<{ was: string }>`
    with before as (select id, state from connection where id = ${connectionId} for no key update)
    update connection c set last_success_at = now(), last_error = null,
           state = case when c.state = 'disabled' then c.state else 'ready' end
      from before b where c.id = b.id returning b.state as was`.execute(db);
  if (rows[0]?.was === 'needs_reconnect')
    await transaction(db, (tx) => moveConnectionGates(tx, connectionId));
}

async function writeWebhook(db: Db, connectionId: string): Promise<void> {
  await sql`update connection set last_webhook_at = now() where id = ${connectionId}`.execute(db);
}

async function writeError(db: Db, connectionId: string, reason: string, state: string | null): Promise<void> {
  const { rows } = await sql<{ was: string; is: string }>`
    with before as (select id, state from connection where id = ${connectionId} for no key update)
    update connection c set last_error = ${reason.slice(0, 500)},
           state = case when c.state = 'disabled' then c.state else coalesce(${state}, c.state) end
      from before b where c.id = b.id returning b.state as was, c.state as is`.execute(db);
  const [row] = rows;
  if (row !== undefined && row.was !== row.is)
    await transaction(db, (tx) => moveConnectionGates(tx, connectionId));
}
