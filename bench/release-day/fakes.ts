/** Child process: three streaming services over sockets, in memory, counting what reached whom. */
import type { StreamingFake, Tokens } from '#connectors/connector.ts';
import { connectorServers } from '#connectors/server.ts';
import { createSoundcloudFake } from '#connectors/soundcloud/fake.ts';
import { createSpotifyFake } from '#connectors/spotify/fake.ts';
import { createMemoryStore } from '#connectors/testing/memory-store.ts';
import { serveFetch } from '#connectors/testing/serve.ts';
import { createTidalFake } from '#connectors/tidal/fake.ts';
import { type Ask, type Counts, type Ready, type Service, services } from './wire.ts';

const options = () => ({
  store: createMemoryStore(),
  now: () => new Date(),
  deliver: () => Promise.resolve({ status: 200, body: '' }),
});
const spotify = createSpotifyFake({
  ...options(),
  mode: 'extended',
  allowedUsers: null,
  callsPer30Seconds: null,
});
const tidal = createTidalFake(options());
const soundcloud = createSoundcloudFake(options());
const fakes: Record<Service, StreamingFake> = { spotify, tidal, soundcloud };

const counts: Record<Service, Counts> = {
  spotify: { people: 0, repeated: 0, refused: 0, lastAt: 0 },
  tidal: { people: 0, repeated: 0, refused: 0, lastAt: 0 },
  soundcloud: { people: 0, repeated: 0, refused: 0, lastAt: 0 },
};

/** The same fake, with its changes counted by who is signed in. */
function counted(service: Service): (request: Request) => Promise<Response> {
  const count = counts[service];
  const seen = new Set<string>();
  return async (request) => {
    const response = await fakes[service].fetch(request);
    const person = request.headers.get('authorization');
    if (response.status === 429) count.refused++;
    if (!response.ok || request.method === 'GET' || person === null) return response;
    if (seen.has(person)) count.repeated++;
    seen.add(person);
    count.people = seen.size;
    count.lastAt = Date.now();
    return response;
  };
}

async function begin(service: Service): Promise<Ready> {
  const fake = fakes[service];
  const samples = fake.samples();
  await fake.addWork({
    kind: 'album',
    id: samples.album,
    artistId: samples.artist,
    title: 'Nightglass',
    artistName: 'Luna Vale',
    releaseAt: '2026-01-01T00:00:00Z',
    upc: '00602445790098',
    tracks: [{ id: samples.track, title: 'Nightglass', isrc: 'USUM72212345' }],
  });
  const { url } = await serveFetch(counted(service));
  return { service, url, settings: fake.connectionSettings(), samples };
}

function grants(service: Service, users: readonly string[]): Promise<Tokens[]> {
  const { definition, ...server } = connectorServers[service];
  const settings = fakes[service].connectionSettings();
  const http = () => Promise.reject(new Error('nothing is called'));
  const client = server.streaming?.({ settings, http, now: () => new Date() });
  const scopes = client?.oauth.scopesFor(definition.actions) ?? [];
  return Promise.all(users.map((user) => fakes[service].issueGrant(user, scopes, new Date())));
}

async function answer(question: Ask): Promise<unknown> {
  if (question.ask === 'counts') return counts;
  if (question.ask === 'grants') return grants(question.service, question.users);
  if (question.ask === 'saved') {
    const libraries = question.users.map((user) => fakes[question.service].library(user));
    return (await Promise.all(libraries)).filter(({ saved }) => saved.length === 1).length;
  }
  // What a lane may send within the service's window: its rate, and once its burst.
  spotify.configure({ callsPer30Seconds: 800 });
  tidal.configure({ callsPer10Seconds: 120 });
  soundcloud.configure({ callsPer10Seconds: 120 });
  return null;
}

process.on('message', (message: { id: number; question: Ask }) => {
  answer(message.question).then(
    (value) => process.send?.({ id: message.id, value }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.send?.({ id: 0, value: await Promise.all(services.map(begin)) });
