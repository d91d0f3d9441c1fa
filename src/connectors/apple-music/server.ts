import type { ConnectorServer } from '../connector.ts';
import { createAppleMusicClient } from './client.ts';
import { appleMusic } from './connector.ts';
import { goLive } from './go-live.ts';
import { createAppleMusicLookup } from './lookup.ts';

export const appleMusicServer: ConnectorServer = {
  definition: appleMusic,
  goLive,
  streaming: createAppleMusicClient,
  lookup: createAppleMusicLookup,
};
