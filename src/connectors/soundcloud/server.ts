import type { ConnectorServer } from '../connector.ts';
import { createSoundcloudClient } from './client.ts';
import { soundcloud } from './connector.ts';
import { goLive } from './go-live.ts';
import { createSoundcloudLookup } from './lookup.ts';

export const soundcloudServer: ConnectorServer = {
  definition: soundcloud,
  goLive,
  streaming: createSoundcloudClient,
  lookup: createSoundcloudLookup,
};
