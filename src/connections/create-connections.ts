import { manageConnections, type ConnectionManager } from './manage-connections.ts';
import { ConnectionCache, type CacheDeps } from './connection-cache.ts';
import type { Connection, Connections } from './connections.ts';
import { createHealth } from './health.ts';

export interface ConnectionStore extends Connections, ConnectionManager {
  /** Every connection of the installation, switched off or not. */
  listAll(): Promise<readonly Connection[]>;
  /** Resolves when every noted success and error is written. */
  settled(): Promise<void>;
}

/**
 * Stored credentials and the clients built from them. A change made here is seen at once in this
 * process and within a second in others; secrets never leave: not in a view, not in an error.
 */
export function createConnections(deps: CacheDeps): ConnectionStore {
  const cache = new ConnectionCache(deps);
  const reload = () => cache.reload();
  const health = createHealth(deps.db, deps.log, reload);
  return {
    find: async (connectionId) => (await cache.get()).byId.get(connectionId)?.connection,
    listAll: async () => [...(await cache.get()).byId.values()].map(({ connection }) => connection),
    async findFresh(connectionId) {
      await reload();
      return (await cache.get()).byId.get(connectionId)?.connection;
    },
    ofProject: async (projectId) => (await cache.get()).byProject.get(projectId) ?? [],
    ...health,
    ...manageConnections(deps, reload),
  };
}
