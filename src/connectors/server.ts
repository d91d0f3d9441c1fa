import { createAmazonMusicFake } from './amazon-music/fake.ts';
import { amazonMusicServer } from './amazon-music/server.ts';
import { createAmazonSesFake } from './amazon-ses/fake.ts';
import { amazonSesServer } from './amazon-ses/server.ts';
import { createAppleMusicFake } from './apple-music/fake.ts';
import { appleMusicServer } from './apple-music/server.ts';
import type { ConnectorServer, Fake, FakeDoor, FakeDoorOptions, FakeOptions } from './connector.ts';
import { createDeezerFake } from './deezer/fake.ts';
import { deezerServer } from './deezer/server.ts';
import type { ConnectorId } from './index.ts';
import { createInstagramFake } from './instagram/fake.ts';
import { instagramServer } from './instagram/server.ts';
import { createPostmarkFake } from './postmark/fake.ts';
import { postmarkServer } from './postmark/server.ts';
import { createResendFake } from './resend/fake.ts';
import { resendServer } from './resend/server.ts';
import { openSmtpDoor } from './smtp/fake/door.ts';
import { createSmtpFake } from './smtp/fake.ts';
import { smtpServer } from './smtp/server.ts';
import { createSoundcloudFake } from './soundcloud/fake.ts';
import { soundcloudServer } from './soundcloud/server.ts';
import { createSpotifyFake } from './spotify/fake.ts';
import { spotifyServer } from './spotify/server.ts';
import { createTelnyxFake } from './telnyx/fake.ts';
import { telnyxServer } from './telnyx/server.ts';
import { createTidalFake } from './tidal/fake.ts';
import { tidalServer } from './tidal/server.ts';
import { createTwilioFake } from './twilio/fake.ts';
import { twilioServer } from './twilio/server.ts';
import { createYoutubeFake } from './youtube/fake.ts';
import { youtubeServer } from './youtube/server.ts';

/** Every connector's server half; does not compile while a connector of `index.ts` is missing. */
export const connectorServers: Record<ConnectorId, ConnectorServer> = {
  spotify: spotifyServer,
  'apple-music': appleMusicServer,
  tidal: tidalServer,
  soundcloud: soundcloudServer,
  youtube: youtubeServer,
  deezer: deezerServer,
  'amazon-music': amazonMusicServer,
  twilio: twilioServer,
  telnyx: telnyxServer,
  smtp: smtpServer,
  'amazon-ses': amazonSesServer,
  postmark: postmarkServer,
  resend: resendServer,
  instagram: instagramServer,
};

/** Every connector's fake, for the sandbox and for tests. */
export const fakes = {
  spotify: createSpotifyFake,
  'apple-music': createAppleMusicFake,
  tidal: createTidalFake,
  soundcloud: createSoundcloudFake,
  youtube: createYoutubeFake,
  deezer: createDeezerFake,
  'amazon-music': createAmazonMusicFake,
  twilio: createTwilioFake,
  telnyx: createTelnyxFake,
  smtp: createSmtpFake,
  'amazon-ses': createAmazonSesFake,
  postmark: createPostmarkFake,
  resend: createResendFake,
  instagram: createInstagramFake,
} satisfies Record<ConnectorId, (options: FakeOptions) => Fake>;

/** Doors of fakes that speak another protocol than HTTP. */
export const fakeDoors: Readonly<
  Record<
    NonNullable<ConnectorServer['definition']['protocol']>,
    (options: FakeDoorOptions) => Promise<FakeDoor>
  >
> = { smtp: openSmtpDoor };
