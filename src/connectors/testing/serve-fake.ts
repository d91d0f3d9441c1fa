import type { ConnectorDefinition, Fake } from '../connector.ts';
import { fakeDoors } from '../server.ts';
import { serveFetch, type ServedFetch } from './serve.ts';

/** Serves a fake in the protocol it speaks; `url` is what a client takes as its base URL. */
export async function serveFake({ protocol }: ConnectorDefinition, fake: Fake): Promise<ServedFetch> {
  if (protocol === undefined) return serveFetch((request) => fake.fetch(request));
  const find = () => Promise.resolve(fake);
  const door = await fakeDoors[protocol]({ host: '127.0.0.1', port: 0, find });
  return { url: `${protocol}://127.0.0.1:${door.port}`, close: () => door.close() };
}
