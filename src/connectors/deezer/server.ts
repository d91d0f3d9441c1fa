import type { ConnectorServer } from '../connector.ts';
import { deezer } from './connector.ts';
import { createDeezerLookup } from './lookup.ts';

export const deezerServer: ConnectorServer = { definition: deezer, goLive: [], lookup: createDeezerLookup };
