import type { ConnectorServer, Fake, FakeOptions } from './connector.ts';
import type { ConnectorId } from './index.ts';
import { createSpotifyFake } from './spotify/fake.ts';
import { spotifyServer } from './spotify/server.ts';
import { createTwilioFake } from './twilio/fake.ts';
import { twilioServer } from './twilio/server.ts';

/** Every connector's server half; does not compile while a connector of `index.ts` is missing. */
export const connectorServers: Record<ConnectorId, ConnectorServer> = {
  spotify: spotifyServer,
  twilio: twilioServer,
};

/** Every connector's fake, for the sandbox and for tests. */
export const fakes = {
  spotify: createSpotifyFake,
  twilio: createTwilioFake,
} satisfies Record<ConnectorId, (options: FakeOptions) => Fake>;
