import { spotify } from './spotify/connector.ts';

/** Every connector's browser-safe half. A new connector is one line here and one in `server.ts`. */
export const connectors = [spotify] as const;

export type ConnectorId = (typeof connectors)[number]['id'];
