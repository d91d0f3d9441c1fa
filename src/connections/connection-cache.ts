import type { Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import type { Sealer } from '#lib/seal.ts';
import { buildClients, noClients, type Clients, type ClientSources } from './build-clients.ts';
import type { Connection } from './connections.ts';
import { domainNow } from './domain-now.ts';
import { createMeter } from './meter.ts';
import { readAllConnections, type ConnectionRow } from './read-connections.ts';

/** What other processes changed is seen after this long; what this one changes, at once. */
const freshMs = 1_000;

interface Entry {
  settings: Buffer;
  connection: Connection;
}

export interface CacheDeps extends ClientSources {
  db: Db;
  sealer: Sealer;
  clocks: DomainClock;
  log: Log;
  wall?: WallClock;
}

interface Snapshot {
  byId: ReadonlyMap<string, Entry>;
  byProject: ReadonlyMap<string, readonly Connection[]>;
}

/**
 * All connections of the installation, read as a whole: one small query a second at most, and none
 * while nothing is asked. Clients are kept as long as their settings stay the same.
 */
export class ConnectionCache {
  readonly #deps: CacheDeps;
  #snapshot: Snapshot = { byId: new Map(), byProject: new Map() };
  #readAtMs = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(deps: CacheDeps) {
    this.#deps = { meterOf: (id) => createMeter(deps.db, id), ...deps };
  }

  async get(): Promise<Snapshot> {
    if (performance.now() - this.#readAtMs > freshMs) await this.#read();
    return this.#snapshot;
  }

  /** Reads again before the next answer, a read under way included. */
  async reload(): Promise<void> {
    await this.#reading?.catch(() => undefined);
    await this.#read();
  }

  #read(): Promise<void> {
    this.#reading ??= this.#load().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #load(): Promise<void> {
    const startedMs = performance.now();
    const rows = await readAllConnections(this.#deps.db);
    const byId = new Map(rows.map((row) => [row.id, this.#toEntry(row)]));
    const byProject = new Map<string, Connection[]>();
    for (const { connection } of byId.values()) {
      if (connection.state === 'disabled') continue;
      for (const projectId of connection.projectIds) {
        const known = byProject.get(projectId);
        if (known) known.push(connection);
        else byProject.set(projectId, [connection]);
      }
    }
    this.#snapshot = { byId, byProject };
    this.#readAtMs = startedMs;
  }

  #toEntry(row: ConnectionRow): Entry {
    const known = this.#snapshot.byId.get(row.id);
    const isSame =
      known !== undefined &&
      known.settings.equals(row.settings) &&
      known.connection.projectIds.join() === row.projectIds.join();
    const clients: Clients = isSame ? known.connection : this.#build(row);
    const { id, accountId, connector, label, isLive, state, projectIds } = row;
    const { sms, email, social, streaming, lookup, webhook, login, renewal } = clients;
    return {
      settings: row.settings,
      connection: {
        id,
        accountId,
        connector,
        label,
        isLive,
        state,
        projectIds,
        sms,
        email,
        social,
        streaming,
        lookup,
        webhook,
        login,
        renewal,
      },
    };
  }

  /** One connection that cannot be opened must not take the others with it. */
  #build(row: ConnectionRow): Clients {
    try {
      // We sealed an object.
      const settings = JSON.parse(this.#deps.sealer.unseal(row.settings)) as Record<string, unknown>;
      return buildClients(this.#deps, { ...row, settings }, () =>
        domainNow(this.#deps.clocks, row.projectIds, this.#deps.wall),
      );
    } catch (error) {
      this.#deps.log.error({ err: error, connection: row.id }, 'a connection cannot be opened');
      return noClients;
    }
  }
}
