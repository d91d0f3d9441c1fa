import type { z } from 'zod';
import type { Http } from '#lib/http.ts';
import type { EmailClient } from './types/email.ts';
import type { LookupClient } from './types/look-up.ts';
import type { SmsClient } from './types/sms.ts';
import type { AccountLogin, CredentialRenewal, SocialClient } from './types/social.ts';
import type { ServiceItem, StreamingClient } from './types/streaming.ts';
import type { WebhookReader } from './types/webhook.ts';

export type * from './types/streaming.ts';
export type * from './types/look-up.ts';
export type * from './types/sms.ts';
export type * from './types/email.ts';
export type * from './types/social.ts';
export type * from './types/webhook.ts';
export type * from './types/fake.ts';

/**
 * What a connector is. A connector speaks one provider's protocol and nothing else: it knows no
 * database and no feature, throws only the five errors of `lib/errors.ts`, and never stores
 * anything (new tokens are returned; the host keeps them).
 */

/** Browser-safe half: what the connector can do and which settings it needs. */
export interface ConnectorDefinition {
  /** Folder name = id in database, URL and code. */
  id: string;
  label: string;
  kind: 'streaming' | 'sms' | 'email' | 'social';
  /** Settings of a connection, secrets included; drawn as a form, validated at the door. */
  settings: z.ZodObject;
  /** Names in `settings` that never leave the server. */
  secretSettings: readonly string[];
  /** Names in `settings` that signing in fills in: they go when the account removes the app. */
  accountSettings?: readonly string[];
  /**
   * What a fan or a step can ask of it. A streaming service with none is looked up or linked to only:
   * steps pass it over as `unsupported`, and no fan signs in.
   */
  actions: readonly StreamingAction[];
  /** Its client can tell the provider that a fan's sign-in is over (`oauth.revoke`). */
  isRevocable?: true;
  /** How the provider's own links look; absent where it has none that name a work. */
  links?: LinkForms;
  /** Hosts that fan-facing pages may reach because of this connector (content-security policy). */
  csp?: ContentSecurityHosts;
  /** Spoken instead of HTTP: its fake then stands behind a door of its own (`fakeDoors` in `server.ts`). */
  protocol?: 'smtp';
}

export interface LinkForms {
  /** A pasted link or URI → what it names; null when it is another provider's or names nothing that can be saved. */
  parse(text: string): ServiceItem | null;
  /** The public web page of an item; null where the id alone does not say. */
  url(item: ServiceItem): string | null;
  /** This provider's links that `parse` cannot read; null: not this provider's. */
  other?(text: string): OtherLink | null;
}

/**
 * `ask`: only the provider knows what it names (a short link, a name): `LookupClient.resolve`.
 * `nothing`: it names no release, or none that can be known; `why` is a sentence for the artist.
 */
export type OtherLink = { kind: 'ask' } | { kind: 'nothing'; why: string };

/** Origins, `https://host`. `formAction`: where a form of ours may end up by redirect (the sign-in). */
export interface ContentSecurityHosts {
  formAction?: readonly string[];
  image?: readonly string[];
  script?: readonly string[];
  connect?: readonly string[];
}

export type StreamingAction = 'save-album' | 'save-track' | 'save-playlist' | 'follow-artist';

export interface ClientOptions {
  /** The provider's own base URL unless an operator or the sandbox names another (`PROVIDER_BASE_URLS`). */
  baseUrl?: string;
  settings: Record<string, unknown>;
  http: Http;
  /** Domain time of the project, so that fakes and token lifetimes share one clock. */
  now: () => Date;
  /** Counts what a provider allows a day, over all processes; absent: nobody counts. */
  meter?: Meter;
}

/** What was used of a provider's daily allowances, one count a connection, bucket and day. */
export interface Meter {
  /** Takes units if the day still has them; false: not one was taken. Safe under concurrency. */
  take(use: { bucket: string; day: string; units: number; limit: number }): Promise<boolean>;
}

/** Server half: one factory a capability; an absent one means that the provider has no such thing. */
export interface ConnectorServer {
  definition: ConnectorDefinition;
  /** What has to happen at the provider, in order, before real fans are reached (R125). */
  goLive: readonly GoLiveTask[];
  streaming?: (options: ClientOptions) => StreamingClient;
  lookup?: (options: ClientOptions) => LookupClient;
  sms?: (options: ClientOptions) => SmsClient;
  email?: (options: ClientOptions) => EmailClient;
  social?: (options: ClientOptions) => SocialClient;
  login?: (options: ClientOptions) => AccountLogin;
  /** Null: there is nothing yet that could be renewed. */
  renewal?: (options: ClientOptions) => CredentialRenewal | null;
  webhook?: (options: ClientOptions) => WebhookReader;
}

/** Words for the artist; waits and costs are usual ones, with the date in a comment beside them. */
export interface GoLiveTask {
  /** Kept with what was done: never changed. */
  id: string;
  title: string;
  text: string;
  /** Who says that it is done. */
  decidedBy: string;
  wait: string;
  cost: string;
  /** Where it is done. */
  url?: string;
  /** What is asked for there and Segue can write. */
  copies?: readonly GoLiveCopy[];
}

export const goLiveCopies = [
  'redirect-uri',
  'use-case',
  'opt-in',
  'keywords',
  'sample-messages',
  'terms-url',
  'privacy-url',
  'stop-answer',
  'help-answer',
] as const;
export type GoLiveCopy = (typeof goLiveCopies)[number];

export interface CallOptions {
  /** Stable for one effect over all its attempts; sent where the provider takes such a key. */
  key: string;
  signal?: AbortSignal | undefined;
  /** To be handed to `http` by a call whose repeat would reach the fan: see `HttpRequest.mayLeave`. */
  mayLeave?: (() => boolean) | undefined;
}

export interface LaneRate {
  /** Units that may pass in a period. */
  count: number;
  periodMs: number;
  /** Units that may pass at once after a rest. */
  burst: number;
}
