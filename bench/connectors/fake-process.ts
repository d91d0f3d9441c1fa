/** Child process: a connector's fake over a socket, so that what its client costs is measured alone. */
import type {
  CatalogueFake,
  Fake,
  FakeFault,
  SmsFake,
  SocialFake,
  StreamingFake,
  Tokens,
} from '#connectors/connector.ts';
import type { ConnectorId } from '#connectors/index.ts';
import { connectorServers, fakes } from '#connectors/server.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFake } from '#connectors/testing/serve-fake.ts';

export const sampleNumber = '+16195550100';

export interface FakeReady {
  url: string;
  settings: Record<string, unknown>;
  /** Of a streaming service: what a fan who signed in has, and what may be asked about. */
  tokens: Tokens | null;
  samples: ReturnType<CatalogueFake['samples']> | null;
  /** Of a social network: somebody who wrote a moment ago. */
  recipientId: string | null;
}

/** So that windows of seconds end as fast as calls come; tokens outlive the whole bench. */
const msACall = 100;

async function begin(id: ConnectorId): Promise<void> {
  const { definition, streaming } = connectorServers[id];
  let aheadMs = 0;
  const now = () => new Date(Date.now() + aheadMs);
  const fake: Fake = fakes[id]({
    store: createMemoryStore(),
    now,
    deliver: () => Promise.resolve({ status: 200, body: '' }),
  });
  const settings = await settingsOf(fake);
  const client = streaming?.({ settings, http: () => Promise.reject(new Error('nothing is called')), now });
  const scopes = client?.oauth.scopesFor(definition.actions) ?? [];
  const ready: FakeReady = {
    url: (
      await serveFake(
        definition,
        aging(fake, (ms) => (aheadMs += ms)),
      )
    ).url,
    settings,
    tokens: is<StreamingFake>(fake, 'issueGrant') ? await fake.issueGrant('maya', scopes, now()) : null,
    samples: is<CatalogueFake>(fake, 'samples') ? await catalogueOf(fake) : null,
    recipientId: is<SocialFake>(fake, 'receiveComment') ? await writer(fake) : null,
  };
  process.on('message', (message: { id: number; question: FakeFault }) => {
    fake.setFault(message.question);
    process.send?.({ id: message.id, value: null });
  });
  process.send?.({ id: 0, value: ready });
}

/** The same fake, for which time passes with every call; one that speaks no HTTP stays as it is. */
function aging(fake: Fake, age: (ms: number) => void): Fake {
  const { fetch } = fake;
  fake.fetch = (request) => {
    age(msACall);
    return fetch(request);
  };
  return fake;
}

/** With a work in it, so that a look-up finds something. */
async function catalogueOf(fake: CatalogueFake): Promise<ReturnType<CatalogueFake['samples']>> {
  const samples = fake.samples();
  await fake.addWork({
    kind: 'album',
    id: samples.album,
    artistId: samples.artist,
    title: 'Night Ferry',
    artistName: 'Nova',
    releaseAt: '2026-01-01T00:00:00Z',
    upc: '00602445790098',
    tracks: [{ id: samples.track, title: 'Night Ferry', isrc: 'USUM72212345' }],
  });
  return samples;
}

async function writer(fake: SocialFake): Promise<string> {
  await fake.receiveMessage({ fan: 'maya', text: 'hello' });
  return fake.addressOf('maya');
}

async function settingsOf(fake: Fake): Promise<Record<string, unknown>> {
  if (is<SmsFake>(fake, 'addNumber')) return fake.addNumber(sampleNumber, null);
  return is<CatalogueFake>(fake, 'connectionSettings') ? fake.connectionSettings() : {};
}

/** Each kind of fake has a function that no other kind has. */
function is<Kind extends Fake>(fake: Fake, mark: keyof Kind): fake is Kind {
  return mark in fake;
}

const [, , name] = process.argv;
// As: the parent names a connector of the list.
if (process.send !== undefined && name !== undefined) await begin(name as ConnectorId);
