import type { ConnectionStore } from '#connections/create-connections.ts';
import type { FakeOptions, StreamingFake } from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch, type ServedFetch } from '#connectors/testing/serve.ts';
import { transaction, type Db } from '#db/database.ts';
import type { Sealer } from '#lib/seal.ts';
import { storeGrant } from '../grants.ts';
import type { NewPurpose } from '../purposes.ts';

interface Place {
  db: Db;
  projectId: string;
  accountId: string;
  sealer: Sealer;
  connections: ConnectionStore;
  now: () => Date;
  /** Where the fakes of further connectors answer. */
  others: Map<string, ServedFetch>;
}

/** A connection over another connector's fake, and fans who link it. */
export async function addService<F extends StreamingFake>(
  { db, projectId, accountId, sealer, connections, now, others }: Place,
  connector: ConnectorId,
  createFake: (of: FakeOptions) => F,
) {
  const deliver = () => Promise.resolve({ status: 200, body: '' });
  const fake = createFake({ store: createMemoryStore(), now, deliver });
  others.set(connector, await serveFetch((request) => fake.fetch(request)));
  const settings = fake.connectionSettings();
  const made = { accountId, connector, label: connector, isLive: false, settings };
  const { id } = await connections.createConnection(made);
  await connections.lendConnection(accountId, id, projectId);
  return {
    fake,
    connectionId: id,
    async link(fanId: string, purposes: NewPurpose[] = []) {
      const oauth = (await connections.find(id))?.streaming?.oauth;
      const tokens = await fake.issueGrant(`user-${fanId}`, oauth?.scopesFor([]) ?? [], now());
      const grant = {
        projectId,
        fanId,
        service: connector,
        connectionId: id,
        providerAccount: '',
        displayName: null,
        tokens,
        authorisedAt: now(),
        diesAt: oauth?.diesAt(now()) ?? null,
      };
      await transaction(db, (tx) => storeGrant(tx, sealer, grant, purposes));
      return tokens;
    },
  };
}
