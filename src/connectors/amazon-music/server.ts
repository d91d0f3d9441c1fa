import type { ConnectorServer } from '../connector.ts';
import { amazonMusic } from './connector.ts';

export const amazonMusicServer: ConnectorServer = { definition: amazonMusic, goLive: [] };
