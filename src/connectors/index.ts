import { spotify } from './spotify/connector.ts';
import { twilio } from './twilio/connector.ts';

/** Every connector's browser-safe half. A new connector is one line here and one in `server.ts`. */
export const connectors = [spotify, twilio] as const;

export type ConnectorId = (typeof connectors)[number]['id'];
