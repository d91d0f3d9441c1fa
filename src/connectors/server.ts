import type { ConnectorServer, Fake, FakeOptions } from './connector.ts';
import type { ConnectorId } from './index.ts';
import { createSpotifyFake } from './spotify/fake.ts';
import { spotifyServer } from './spotify/server.ts';

/** Every connector's server half; does not compile while a connector of `index.ts` is missing. */
export const connectorServers: Record<ConnectorId, ConnectorServer> = {
  spotify: spotifyServer,
};

/** Every connector's fake, for the sandbox and for tests. */
export const fakes = {
  spotify: createSpotifyFake,
} satisfies Record<ConnectorId, (options: FakeOptions) => Fake>;
