import type { CallOptions, LaneRate, StreamingAction } from '../connector.ts';

export interface Tokens {
  accessToken: string;
  refreshToken: string | null;
  /** When the access token ends. */
  expiresAt: Date;
  scopes: string[];
}

/**
 * A fan's living authorisation, handed in by the host. `token()` gives a usable access token,
 * refreshing and storing it when it is about to end; `renew()` is called by the client when the
 * provider refused a token that looked alive, and gives a fresh one. Both throw `NeedsReconnect`
 * when the authorisation is dead. Safe under concurrency: the host refreshes once.
 */
export interface Access {
  token(): Promise<string>;
  renew(): Promise<string>;
}

export interface ServiceItem {
  kind: 'album' | 'track' | 'playlist' | 'artist';
  /** The provider's own id. */
  id: string;
}

/** `verified`: read back or promised by the answer; `accepted`: taken, not yet seen; `already`: was there. */
export type SaveResult = { result: 'verified' | 'accepted' | 'already' };

export interface StreamingClient {
  /** A fan's authorisation, however it was taken. */
  oauth: {
    /** Least scopes for what is offered. */
    scopesFor(actions: readonly StreamingAction[]): string[];
    /** Throws `NeedsReconnect` when the provider says that the authorisation is over, or knows no renewal. */
    refresh(tokens: Tokens): Promise<Tokens>;
    /**
     * Tells the provider that the sign-in is over, whatever is left of it. Repeating is harmless, and so is one
     * that is over already. Absent: the provider cannot be told, and the fan removes the app there herself.
     */
    revoke?(tokens: Tokens): Promise<void>;
    /**
     * Who signed in; `accountId` never changes for one person, null where the provider does not tell.
     * `GiveUp` when the app may not serve them.
     */
    identify(access: Access): Promise<{ accountId: string | null; displayName: string | null }>;
    /** When an authorisation given at this moment ends whatever is refreshed; null: never. */
    diesAt(authorisedAt: Date): Date | null;
  };
  /** How a fan gives it. */
  signIn: RedirectSignIn | ScriptSignIn;
  /** Adds to the fan's library; a repeat changes nothing. At most `maxItemsPerSave` items. */
  save(access: Access, items: readonly ServiceItem[], options: CallOptions): Promise<SaveResult>;
  /** Absent: the provider lets no app take it back. */
  unsave?(access: Access, items: readonly ServiceItem[], options: CallOptions): Promise<void>;
  follow(access: Access, artistId: string, options: CallOptions): Promise<SaveResult>;
  unfollow(access: Access, artistId: string, options: CallOptions): Promise<void>;
  /** Where a save is only `accepted` at first: how it is read back. Absent: there is nothing to read. */
  readBack?: ReadBack;
  /** The cheapest proof that the authorisation is alive (R103). Throws `NeedsReconnect` if not. */
  probe(access: Access): Promise<void>;
  readonly maxItemsPerSave: number;
  /** The app's rate: requests, burst and period (milliseconds). */
  readonly rate: LaneRate;
  /** Apps of one owner that share an allowance at the provider name it alike; then all wait together. */
  readonly sharedAllowance?: string;
  /**
   * Provider accounts that the app may serve, or null when it serves everyone. A fan outside the
   * list would sign in and then be refused on every call.
   */
  readonly namedTesters: readonly string[] | null;
}

/** OAuth: away to the provider's page, and back with a code (PKCE S256). */
export interface RedirectSignIn {
  kind: 'redirect';
  authorizeUrl(input: {
    redirectUri: string;
    state: string;
    codeChallenge: string;
    scopes: readonly string[];
  }): string;
  /** Code → tokens. Throws `GiveUp` when the code is spent or wrong. */
  exchange(input: { code: string; codeVerifier: string; redirectUri: string }): Promise<Tokens>;
}

/**
 * The provider's own script takes the authorisation on a page of ours, and only once the fan has
 * tapped: the one exception from "no script on fans' pages".
 */
export interface ScriptSignIn {
  kind: 'script';
  /**
   * JavaScript that defines `async function takeToken(config)`: loads the provider's script, asks the
   * fan, returns the token or null when she declined. Fixed text, so that the page's policy can name it.
   */
  readonly script: string;
  /** What `takeToken` is called with, and the origins that it loads from and speaks to. */
  prepare(input: { origin: string }): Promise<{ config: Record<string, string>; origins: string[] }>;
  /** What the script returned → tokens, looked at where it can be. Throws `GiveUp` when it is none. */
  accept(token: string): Promise<Tokens>;
}

export interface ReadBack {
  /** Whether all of them are in the library by now. */
  isThere(access: Access, items: readonly ServiceItem[]): Promise<boolean>;
  /** When to look, counted from the save; after the last one nobody looks again. */
  readonly afterMs: readonly [number, ...number[]];
}
