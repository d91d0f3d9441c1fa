import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';
import type { Connections } from './connections.ts';

/** A busy connection succeeds thousands of times a second: its row says so every ten. */
const quietMs = 10_000;

interface Noted {
  atMs: number;
  what: string;
}

/**
 * Keeps `last_success_at`, `last_error` and the state of connections: at most one write in ten
 * seconds a connection, but at once when it starts or stops failing. A disabled one stays disabled.
 * Writes run beside the call that noted them; one that fails is only logged.
 */
export function createHealth(
  db: Db,
  log: Log,
  onStateChange: () => Promise<void>,
): Pick<Connections, 'noteSuccess' | 'noteError'> & { settled(): Promise<void> } {
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
  await sql`
    update connection set last_success_at = now(), last_error = null,
           state = case when state = 'disabled' then state else 'ready' end
     where id = ${connectionId}`.execute(db);
}

async function writeError(db: Db, connectionId: string, reason: string, state: string | null): Promise<void> {
  await sql`
    update connection set last_error = ${reason.slice(0, 500)},
           state = case when state = 'disabled' then state else coalesce(${state}, state) end
     where id = ${connectionId}`.execute(db);
}
