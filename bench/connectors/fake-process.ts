/** Child process: a connector's fake over a socket, so that what its client costs is measured alone. */
import type { FakeFault } from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { connectorServers, fakes } from '#connectors/server.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFake } from '#connectors/testing/serve-fake.ts';

export const sampleNumber = '+16195550100';

export interface FakeReady {
  url: string;
  settings: Record<string, unknown>;
}

async function begin(id: ConnectorId): Promise<void> {
  const { definition } = connectorServers[id];
  const fake = fakes[id]({
    store: createMemoryStore(),
    now: () => new Date(),
    deliver: () => Promise.resolve({ status: 200, body: '' }),
  });
  const settings = 'addNumber' in fake ? await fake.addNumber(sampleNumber, null) : fake.connectionSettings();
  const { url } = await serveFake(definition, fake);
  process.on('message', (message: { id: number; question: FakeFault }) => {
    fake.setFault(message.question);
    process.send?.({ id: message.id, value: null });
  });
  const ready: FakeReady = { url, settings };
  process.send?.({ id: 0, value: ready });
}

const [, , name] = process.argv;
// As: the parent names a connector of the list.
if (process.send !== undefined && name !== undefined) await begin(name as ConnectorId);
