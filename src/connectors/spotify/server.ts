import type { ConnectorServer } from '../connector.ts';
import { createSpotifyClient } from './client.ts';
import { spotify } from './connector.ts';
import { goLive } from './go-live.ts';
import { createSpotifyLookup } from './lookup.ts';

export const spotifyServer: ConnectorServer = {
  definition: spotify,
  goLive,
  streaming: createSpotifyClient,
  lookup: createSpotifyLookup,
};
