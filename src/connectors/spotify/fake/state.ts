import type { FakeOptions } from '../../connector.ts';
import { createCatalogue, type Catalogue } from '../../kit/fake/catalogue.ts';
import { keepList, type KeptList } from '../../kit/fake/kept.ts';
import { createPeople, type People } from '../../kit/fake/people.ts';
import { createSignIn, isSafeRedirect, type SignInServer } from '../../kit/fake/sign-in.ts';
import { sixMonthsAfter } from '../../kit/code-flow.ts';

/** What an operator would set in the developer dashboard, and what only Spotify can: all movable. */
export interface SpotifyFakeSettings {
  clientId: string;
  clientSecret: string;
  mode: 'development' | 'extended';
  /** User or account ids under User Management; null: everybody (a sandbox may not care). Development mode only. */
  allowedUsers: readonly string[] | null;
  ownerHasPremium: boolean;
  /** Whether `/me/library` takes `spotify:artist:` URIs: not known of the real one. */
  acceptsArtistUris: boolean;
  /** A 200 for an artist URI that changes nothing. */
  ignoresArtistUris: boolean;
  /** Extended mode only: an app that has the older calls and not `/me/library`. */
  hasLibrary: boolean;
  /** Calls in 30 seconds before 429; null: no limit. */
  callsPer30Seconds: number | null;
  quotaExceeded: boolean;
  /** Exact redirect URIs of the app; null: any that Spotify would let be registered. */
  redirectUris: readonly string[] | null;
}

export interface FakeState {
  now: () => Date;
  settings: SpotifyFakeSettings;
  people: People;
  signIn: SignInServer;
  catalogue: Catalogue;
  /** URI → when it was added, of one user. */
  libraryOf(user: string): KeptList<{ at: string }>;
}

const knownScopes = new Set([
  'user-library-modify',
  'user-library-read',
  'user-follow-modify',
  'user-follow-read',
  'playlist-modify-public',
  'playlist-modify-private',
  'playlist-read-private',
  'playlist-read-collaborative',
  'user-read-private',
  'user-read-email',
  'user-top-read',
  'ugc-image-upload',
]);

export function createState({ store, now }: FakeOptions, settings: SpotifyFakeSettings): FakeState {
  const libraries = new Map<string, KeptList<{ at: string }>>();
  const people = createPeople(store);
  return {
    now,
    settings,
    people,
    catalogue: createCatalogue(store, now),
    signIn: createSignIn(store, now, people, {
      label: 'Spotify',
      clientId: () => settings.clientId,
      clientSecret: () => settings.clientSecret,
      knowsScope: (scope) => knownScopes.has(scope),
      isRedirectAllowed: (uri) =>
        isSafeRedirect(uri) && (settings.redirectUris === null || settings.redirectUris.includes(uri)),
      endsAt: sixMonthsAfter,
      // A public client's refresh token is good for one use; one that knows the secret keeps its own.
      refreshToken: (client) => (client === 'secret' ? 'kept' : 'replaced'),
      accessLifeSeconds: 3_600,
    }),
    libraryOf(user) {
      let library = libraries.get(user);
      if (library === undefined) {
        library = keepList(store, `library:${user}`);
        libraries.set(user, library);
      }
      return library;
    },
  };
}
