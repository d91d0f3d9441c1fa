import { randomBytes } from 'node:crypto';
import { createConnections } from '#connections/create-connections.ts';
import { connectorServers } from '#connectors/server.ts';
import type { Db } from '#db/database.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { addItems } from '#engine/add-items.ts';
import { insertItems } from '#engine/insert-items.ts';
import { makePartitions } from '#engine/partitions.ts';
import { rollUpSince } from '#engine/rollups.ts';
import { systemClock } from '#lib/clock.ts';
import { createHttp } from '#lib/http.ts';
import { createLog } from '#lib/log.ts';
import { createSealer } from '#lib/seal.ts';
import { createSandboxFakes } from '../fakes.ts';
import { createFakeStores } from '../store.ts';

const engineTables = { makePartitions, insertItems, rollUpSince };
const sealer = createSealer([randomBytes(32)]);

/** What one process brings: its own caches over the shared database. */
export function createDemoProcess(db: Db, { publicUrl = 'http://127.0.0.1:3000' } = {}) {
  const clocks = new ProjectClocks(db, systemClock);
  const delivered: string[] = [];
  const fakes = createSandboxFakes({
    db,
    stores: createFakeStores(db),
    clocks,
    wall: systemClock,
    settingsOf: (accountId, id) => connections.revealTestSettings(accountId, id),
    publicUrl: () => publicUrl,
    async deliver({ url }) {
      delivered.push(url);
      return { status: 200, body: '' };
    },
  });
  const connections = createConnections({
    db,
    sealer,
    clocks,
    servers: connectorServers,
    http: createHttp(),
    log: createLog({ level: 'silent' }),
    baseUrls: (connector, isLive, id) => (isLive ? undefined : fakes.baseUrl(connector, id)),
  });
  const engine = {
    accept: () => Promise.reject(new Error('nothing is accepted here')),
    addItems,
    cancelItems: () => Promise.resolve(0),
    waitForWorkers: () => Promise.resolve(),
  };
  const flows = { db, clock: clocks, engine, publicUrl: () => publicUrl, shortUrl: () => publicUrl };
  return {
    fakes,
    connections,
    flows,
    delivered,
    deps: { flows, connections, fakes, sealer, engine: engineTables, wall: systemClock, hasPast: false },
  };
}
