import { amazonMusic } from './amazon-music/connector.ts';
import { amazonSes } from './amazon-ses/connector.ts';
import { appleMusic } from './apple-music/connector.ts';
import { deezer } from './deezer/connector.ts';
import { instagram } from './instagram/connector.ts';
import { postmark } from './postmark/connector.ts';
import { resend } from './resend/connector.ts';
import { smtp } from './smtp/connector.ts';
import { soundcloud } from './soundcloud/connector.ts';
import { spotify } from './spotify/connector.ts';
import { telnyx } from './telnyx/connector.ts';
import { tidal } from './tidal/connector.ts';
import { twilio } from './twilio/connector.ts';
import { youtube } from './youtube/connector.ts';

/** Every connector's browser-safe half. A new connector is one line here and one in `server.ts`. */
export const connectors = [
  spotify,
  appleMusic,
  tidal,
  soundcloud,
  youtube,
  deezer,
  amazonMusic,
  twilio,
  telnyx,
  smtp,
  amazonSes,
  postmark,
  resend,
  instagram,
] as const;

export type ConnectorId = (typeof connectors)[number]['id'];
