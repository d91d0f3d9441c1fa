import type { ConnectorServer } from '../connector.ts';
import { createTidalClient } from './client.ts';
import { tidal } from './connector.ts';
import { goLive } from './go-live.ts';
import { createTidalLookup } from './lookup.ts';

export const tidalServer: ConnectorServer = {
  definition: tidal,
  goLive,
  streaming: createTidalClient,
  lookup: createTidalLookup,
};
