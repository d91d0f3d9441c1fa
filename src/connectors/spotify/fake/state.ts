import { randomBytes } from 'node:crypto';
import type { FakeOptions } from '../../connector.ts';
import { keep, keepList } from './kept.ts';
import type { Kept, KeptList } from './kept.ts';

export interface FakeUser {
  id: string;
  displayName: string;
}

export interface FakeAlbum {
  id: string;
  name: string;
  artistId: string;
  artistName: string;
  albumType: 'album' | 'single' | 'compilation';
  /** Nobody finds it before this moment (domain time). */
  releaseAt: string;
  /** As the distributor delivered it: leading zeros count. */
  upc: string | null;
  tracks: readonly { id: string; name: string; isrc: string }[];
}

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
  /** Calls in 30 seconds before 429; null: no limit. */
  callsPer30Seconds: number | null;
  quotaExceeded: boolean;
  /** Exact redirect URIs of the app; null: any that Spotify would let be registered. */
  redirectUris: readonly string[] | null;
}

export interface Grant {
  user: string;
  scopes: string[];
  /** ISO time of the sign-in: six months later every refresh is refused. */
  authorisedAt: string;
  isRevoked: boolean;
}

export interface Code {
  user: string;
  scopes: string[];
  challenge: string;
  redirectUri: string;
  expiresAt: string;
}

/** `grantId` null: an app's own token (client credentials), which has no user. */
export interface AccessToken {
  grantId: string | null;
  expiresAt: string;
}

export interface FakeState {
  now: () => Date;
  settings: SpotifyFakeSettings;
  users: KeptList<FakeUser>;
  codes: Kept<Code>;
  grants: Kept<Grant>;
  accessTokens: Kept<AccessToken>;
  refreshTokens: Kept<{ grantId: string }>;
  albums: KeptList<FakeAlbum>;
  /** URI → when it was added, of one user. */
  libraryOf(user: string): KeptList<{ at: string }>;
}

/** The fans that the consent page offers first. */
export const demoUsers: readonly FakeUser[] = [
  { id: 'mara-lindqvist', displayName: 'Mara Lindqvist' },
  { id: 'jonas-okafor', displayName: 'Jonas Okafor' },
  { id: 'priya-venter', displayName: 'Priya Venter' },
  { id: 'teo-marchetti', displayName: 'Teo Marchetti' },
  { id: 'ines-halloran', displayName: 'Inês Halloran' },
];

export function createState({ store, now }: FakeOptions, settings: SpotifyFakeSettings): FakeState {
  const libraries = new Map<string, KeptList<{ at: string }>>();
  return {
    now,
    settings,
    users: keepList(store, 'users'),
    codes: keep(store, 'codes'),
    grants: keep(store, 'grants'),
    accessTokens: keep(store, 'access_tokens'),
    refreshTokens: keep(store, 'refresh_tokens'),
    albums: keepList(store, 'albums'),
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

export async function findUser(state: FakeState, id: string): Promise<FakeUser | undefined> {
  return demoUsers.find((user) => user.id === id) ?? (await state.users.all()).get(id);
}

/** Anyone may be a fan of the fake: an id not seen before becomes a user of that name. */
export async function ensureUser(state: FakeState, id: string): Promise<FakeUser> {
  const found = await findUser(state, id);
  if (found !== undefined) return found;
  const user = { id, displayName: id };
  await state.users.put(id, user);
  return user;
}

export function randomToken(prefix: string): string {
  return prefix + randomBytes(24).toString('base64url');
}
