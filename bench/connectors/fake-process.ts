/** Child process: a connector's fake over a socket, so that what its client costs is measured alone. */
import type { CatalogueFake, Fake, FakeFault, SmsFake } from '#connectors/connector.ts';
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
  const fake: Fake = fakes[id]({
    store: createMemoryStore(),
    now: () => new Date(),
    deliver: () => Promise.resolve({ status: 200, body: '' }),
  });
  const settings = await settingsOf(fake);
  const { url } = await serveFake(definition, fake);
  process.on('message', (message: { id: number; question: FakeFault }) => {
    fake.setFault(message.question);
    process.send?.({ id: message.id, value: null });
  });
  const ready: FakeReady = { url, settings };
  process.send?.({ id: 0, value: ready });
}

/** As: `addNumber` is the mark of an SMS fake, and the others that are measured have settings at hand. */
async function settingsOf(fake: Fake): Promise<Record<string, unknown>> {
  if ('addNumber' in fake) return (fake as SmsFake).addNumber(sampleNumber, null);
  return 'connectionSettings' in fake ? (fake as CatalogueFake).connectionSettings() : {};
}

const [, , name] = process.argv;
// As: the parent names a connector of the list.
if (process.send !== undefined && name !== undefined) await begin(name as ConnectorId);
