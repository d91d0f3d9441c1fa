import type { ConnectorServer } from '../connector.ts';
import { createYoutubeClient } from './client.ts';
import { youtube } from './connector.ts';
import { goLive } from './go-live.ts';
import { createYoutubeLookup } from './lookup.ts';

export const youtubeServer: ConnectorServer = {
  definition: youtube,
  goLive,
  streaming: createYoutubeClient,
  lookup: createYoutubeLookup,
};
