import type { z } from 'zod';
import type { ConnectorError } from '#lib/errors.ts';
import type { Http } from '#lib/http.ts';

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

// ---------------------------------------------------------------- streaming

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

export interface CallOptions {
  /** Stable for one effect over all its attempts; sent where the provider takes such a key. */
  key: string;
  signal?: AbortSignal | undefined;
  /** To be handed to `http` by a call whose repeat would reach the fan: see `HttpRequest.mayLeave`. */
  mayLeave?: (() => boolean) | undefined;
}

export interface StreamingClient {
  /** A fan's authorisation, however it was taken. */
  oauth: {
    /** Least scopes for what is offered. */
    scopesFor(actions: readonly StreamingAction[]): string[];
    /** Throws `NeedsReconnect` when the provider says that the authorisation is over, or knows no renewal. */
    refresh(tokens: Tokens): Promise<Tokens>;
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

export interface LaneRate {
  /** Units that may pass in a period. */
  count: number;
  periodMs: number;
  /** Units that may pass at once after a rest. */
  burst: number;
}

// ---------------------------------------------------------------- look-up

/** What a service knows of a work, in its own words; null: it does not say. */
export interface WorkFacts {
  item: ServiceItem;
  url: string;
  title: string;
  /** In the order of the cover. `id` is the service's own. */
  artists: { id: string | null; name: string }[];
  /** As the service writes it: zeros in front differ, compare with `isSameGtin`. */
  upc: string | null;
  /** Of all tracks, or none; of a track its own. */
  isrcs: string[];
  trackCount: number | null;
  /** `YYYY-MM-DD`. */
  releasedOn: string | null;
  isExplicit: boolean | null;
  /** For the picker only, beside the service's name and link (R122). */
  artworkUrl: string | null;
}

/**
 * Reads the catalogue, in nobody's name. Throws the connector errors; `GiveUp` with a sentence where
 * the work exists but may not be seen (a private playlist, a region).
 */
export interface LookupClient {
  /** Null: the service has no such work. */
  facts(item: ServiceItem): Promise<WorkFacts | null>;
  /** What a link of the form `ask` names, by one question and no redirect followed; null: nothing. */
  resolve?(url: string): Promise<ServiceItem | null>;
  /** Albums with this bar code, in all the spellings that the service needs; the caller compares it once more. */
  findByUpc?(upc: string): Promise<WorkFacts[]>;
  /** Tracks with this recording; of an album: albums that hold it. */
  findByIsrc?(isrc: string, kind: 'album' | 'track'): Promise<WorkFacts[]>;
  /**
   * Albums, EPs and singles of an artist that are out, the newest of each kind; neither what she only
   * appears on nor compilations. Full facts of those that are not `isKnown`, which need no second call.
   */
  releasesOf?(artistId: string, isKnown: (id: string) => boolean): Promise<WorkFacts[]>;
  /** By words, best first, few: for a person to choose from. */
  search?(what: {
    title: string;
    artist: string;
    kind: 'album' | 'track' | 'playlist';
  }): Promise<WorkFacts[]>;
}

// ---------------------------------------------------------------- SMS

export interface SmsMessage {
  from: string;
  to: string;
  body: string;
  /** Public URL the provider calls with delivery states; carries the intent's id. */
  statusCallbackUrl: string;
}

/** What became of a message; `rank` grows along its life and a later callback never lowers it. */
export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed';

export interface SentText {
  providerId: string;
  status: DeliveryStatus;
  /** Parts as the provider counted them; null where it does not say yet. */
  parts: number | null;
}

export interface InboundText {
  providerId: string;
  from: string;
  to: string;
  body: string;
  mediaCount: number;
  receivedAt: Date;
  /** The provider already read the text as an opt-out word and answered it itself. */
  optOut: 'stop' | 'start' | 'help' | null;
  zip: string | null;
}

export interface SmsClient {
  /**
   * Sends one text. No provider takes an idempotency key: a repeat reaches the phone twice, so a
   * call whose end is unknown throws `Unsure` and is settled with `find`.
   */
  send(message: SmsMessage, options: CallOptions): Promise<SentText>;
  /**
   * Looks for a text that may have gone out: newest first, same sender, number and body, sent at
   * or after `since`, not one of `knownIds`. Null: the list was readable and it is not there.
   */
  find(message: SmsMessage, search: { since: Date; knownIds: ReadonlySet<string> }): Promise<SentText | null>;
  /** Texts received since, oldest first: what a provider that hardly retries its webhooks lost. */
  listInbound(since: Date): AsyncIterable<InboundText>;
  /**
   * Numbers of this connection, E.164 (a short code: its digits), each with its own rate in parts.
   * `country` is a short code's, which texts nobody elsewhere; null: the number says it.
   */
  readonly senders: readonly { kind: 'number'; value: string; country: string | null; rate: LaneRate }[];
  /** Who answers STOP and HELP on these numbers. */
  readonly optOutHandling: 'provider' | 'segue';
  /** What the provider itself does with this inbound text: then we do not answer a second time. */
  handlesItself(body: string): 'stop' | 'start' | 'help' | null;
  /**
   * R98: makes these words lift the provider's block of a fan from these countries, as START does; words
   * that were there stay. Absent: a person does it at the provider. `GiveUp` with a sentence where it
   * takes no more, or the settings lack something. Repeating is harmless.
   */
  enterOptInWords?(entry: { words: readonly string[]; countries: readonly string[] }): Promise<void>;
  /** Parts per period of the slowest sender. */
  readonly rate: LaneRate;
}

// ---------------------------------------------------------------- e-mail

export interface EmailMessage {
  from: { address: string; name: string };
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Further headers, one line each; of marketing both one-click headers (RFC 8058) are among them. */
  headers: Readonly<Record<string, string>>;
  /** Without angle brackets; stable over all attempts of one effect. */
  messageId: string;
  /** Travels along and comes back with the provider's reports, where it carries such a thing. */
  reference: EmailReference;
}

export interface EmailReference {
  projectId: string;
  intentId: string;
}

export interface SentEmail {
  providerId: string;
}

export interface EmailClient {
  /**
   * Hands one mail over. `Undeliverable`: this address is dead or suppressed there. A call whose end is
   * unknown throws `Unsure`; what a repeat would do is said by `repeat`.
   */
  send(message: EmailMessage, options: CallOptions): Promise<SentEmail>;
  /** Many mails in one call, answered one by one in their order; absent: the provider has no such call. */
  readonly batch?: EmailBatch;
  /** `once`: the fan gets it twice. `keyed`: the provider recognises `key` for so long. */
  readonly repeat: { class: 'once' } | { class: 'keyed'; windowMs: number };
  readonly sender: EmailSender;
  /** Mails that may leave over this connection. */
  readonly rate: LaneRate;
}

export interface EmailBatch {
  readonly max: number;
  /** Throws where the call as a whole failed; `key` names this very list of mails. */
  send(messages: readonly EmailMessage[], options: CallOptions): Promise<(SentEmail | ConnectorError)[]>;
}

/** Where mails come from, and which DNS records prove it (R113). */
export interface EmailSender {
  address: string;
  /** Names before `._domainkey` of the sender's domain. */
  dkimSelectors: readonly string[];
  /** Domain that bounces return to; its SPF record counts. */
  returnPathDomain: string;
}

// ---------------------------------------------------------------- social

/** A direct message to somebody who wrote, or the one private reply to a comment. */
export type DirectMessage = { text: string } & ({ recipientId: string } | { commentId: string });

export interface SentDirectMessage {
  providerId: string;
  /** Who got it, as the account knows her; of a private reply known only now. */
  recipientId: string | null;
}

/** Somebody wrote to the account, or tapped one of its buttons. */
export interface InboundDirectMessage {
  providerId: string;
  /** The account of ours that it was sent to. */
  accountId: string;
  /** As the account knows her; another account knows her by another id. */
  senderId: string;
  text: string;
  attachmentCount: number;
  /** The conversation began with an advertisement that leads to it. */
  isFromAd: boolean;
  receivedAt: Date;
}

/** The account itself wrote: one of our own messages, or a person in the provider's app. */
export interface EchoedDirectMessage {
  providerId: string;
  accountId: string;
  recipientId: string;
  text: string;
  at: Date;
}

export interface InboundComment {
  commentId: string;
  accountId: string;
  authorId: string;
  authorName: string | null;
  mediaId: string;
  text: string;
  /** During a live broadcast: a reply is possible only as long as it lasts. */
  isLive: boolean;
  receivedAt: Date;
}

export interface SocialPost {
  id: string;
  caption: string;
  at: Date | null;
}

export interface SocialClient {
  /** The account that is signed in; null: nobody has signed in yet. */
  readonly account: { id: string; name: string | null } | null;
  /**
   * Sends one message. No provider takes a key: a repeat reaches the fan twice, so a call whose end is
   * unknown throws `Unsure`. `GiveUp` carries as `skip` which requirement the provider found unmet.
   */
  send(message: DirectMessage, options: CallOptions): Promise<SentDirectMessage>;
  /** What the account posted, newest first, some dozens: for a person to choose from. */
  listPosts(): Promise<SocialPost[]>;
  /** Of a text, in bytes of UTF-8. */
  readonly maxTextBytes: number;
  /** After the fan's last message, and after her tap on an advertisement. */
  readonly windowMs: { message: number; ad: number };
  /** After a comment. */
  readonly privateReplyMs: number;
  readonly rates: { messages: LaneRate; privateReplies: LaneRate };
}

/** How the owner of an account signs in from the dashboard, in place of a pasted token. */
export interface AccountLogin {
  authorizeUrl(input: { redirectUri: string; state: string }): string;
  /** Code → settings to keep beside those that are there. Throws `GiveUp` when the code is spent or wrong. */
  exchange(input: { code: string; redirectUri: string }): Promise<Record<string, unknown>>;
}

/** A credential that ends unless it is renewed in time; all in domain time. */
export interface CredentialRenewal {
  issuedAt: Date;
  renewFrom: Date;
  /** From here on somebody should know that it was not renewed. */
  warnFrom: Date;
  endsAt: Date;
  /** Settings to keep in place of the old ones; the old credential stays good. `NeedsReconnect` when it is over. */
  renew(): Promise<Record<string, unknown>>;
}

// ---------------------------------------------------------------- webhooks

export interface WebhookRequest {
  method: string;
  /** The exact public URL with query string, as the provider called it. */
  url: string;
  header(name: string): string | undefined;
  rawBody: Buffer;
}

export type WebhookItem =
  | { kind: 'text'; text: InboundText }
  | {
      kind: 'delivery';
      providerId: string;
      status: DeliveryStatus;
      /** The provider's code and its meaning, one sentence; null when all is well. */
      reason: string | null;
      /** The provider says that this number opted out with it. */
      isOptOut: boolean;
      at: Date;
    }
  | { kind: 'direct_message'; message: InboundDirectMessage }
  | { kind: 'echo'; message: EchoedDirectMessage }
  | { kind: 'comment'; comment: InboundComment }
  | EmailReport;

/** What a provider says became of a mail, or what its reader did. */
export interface EmailReport {
  kind: 'email';
  event: 'delivered' | 'hard_bounce' | 'soft_bounce' | 'complaint' | 'unsubscribed';
  address: string;
  providerId: string;
  /** What the mail was given along; null where the provider does not return it. */
  reference: EmailReference | null;
  /** One sentence; null when all is well. */
  reason: string | null;
  at: Date;
}

export interface WebhookReader {
  /**
   * True when the request was signed by the provider; constant time; never throws. A promise where
   * the provider's certificate has to be fetched first.
   */
  verify(request: WebhookRequest): boolean | Promise<boolean>;
  /**
   * Answers a GET by which the provider asks whether this address is ours: the body to answer with, as
   * text, or null where the question is not ours. Absent: the provider asks nothing.
   */
  handshake?(query: URLSearchParams): string | null;
  /**
   * Answers a handshake that came as a verified request of its own; absent: the provider has none.
   * Throws what `http` throws: the provider then comes again.
   */
  confirm?(request: WebhookRequest): Promise<void>;
  /**
   * A form by which the provider says that the account removed the app, or asks for its data to be deleted;
   * false: the provider did not sign it. Absent: it sends no such form.
   */
  isFarewell?(form: URLSearchParams): boolean;
  /** Only after `verify`. Unknown shapes give no items; throws nothing. */
  parse(request: WebhookRequest): WebhookItem[];
  /** What the provider wants to read when all was taken. */
  readonly acknowledgement: { status: 200 | 204; contentType: string; body: string };
}

// ---------------------------------------------------------------- fakes

/** Where a fake keeps what it was told: append and list, so that memory and a database both serve. */
export interface FakeStore {
  append(collection: string, id: string, value: unknown): Promise<void>;
  /** Replaces or creates. */
  put(collection: string, id: string, value: unknown): Promise<void>;
  get(collection: string, id: string): Promise<unknown>;
  remove(collection: string, id: string): Promise<void>;
  /** In the order of first writing. */
  list(collection: string): Promise<{ id: string; value: unknown }[]>;
}

export interface FakeOptions {
  store: FakeStore;
  /** Domain time of the sandbox. */
  now: () => Date;
  /** Performs the provider's webhook calls towards Segue. */
  deliver: (request: {
    url: string;
    headers: Record<string, string>;
    body: string;
  }) => Promise<{ status: number; body: string }>;
  /** Where Segue hears of what happens, as an operator enters it at the provider; absent: nowhere. */
  webhookUrl?: () => string;
  /** Below it this fake answers, for providers that name addresses of their own; absent: they name none. */
  ownUrl?: () => string;
}

/** A Web-standard handler: mounted under a path in the sandbox, served alone in tests. */
export interface Fake {
  fetch(request: Request): Promise<Response>;
  /** Breaks the provider on purpose; `ok` mends it. `count` limits how many calls are hit. */
  setFault(fault: FakeFault): void;
  /** Every call that came in, oldest first, without secrets. */
  calls(): readonly { method: string; path: string; status: number; at: string }[];
}

export interface FakeFault {
  mode: 'ok' | 'slow' | 'error' | 'rate_limited' | 'timeout' | 'garbage' | 'down';
  /** Delay for `slow` and `timeout`, milliseconds. */
  ms?: number;
  count?: number;
}

/** A fake of a service that fans sign in to, or that is looked up only. */
export interface CatalogueFake extends Fake {
  /** Settings of a connection that this fake accepts. */
  connectionSettings(): Record<string, unknown>;
  /** Puts a work into its catalogue; found from its release on. */
  addWork(work: FakeWork): Promise<void>;
  /** Ids of the service's own form that its catalogue takes: for tests that know no provider. */
  samples(): { album: string; track: string; playlist: string; artist: string };
}

/** A release as fakes of all services know it; each writes ids and codes in its own way. */
export interface FakeWork {
  kind: 'album' | 'track' | 'playlist';
  /** The service's own ids; a fake that has other forms refuses them. */
  id: string;
  artistId: string;
  title: string;
  artistName: string;
  /** ISO time; nobody finds it before. */
  releaseAt: string;
  upc: string | null;
  isExplicit?: boolean;
  /** Only its owner sees it. */
  isPrivate?: boolean;
  /** Countries that have it; absent: all. */
  markets?: readonly string[];
  tracks: readonly { id: string; title: string; isrc: string }[];
}

/** What a streaming fake shows the sandbox besides; a sandbox tells it by `library`. */
export interface StreamingFake extends CatalogueFake {
  /** How the provider says that a fan's token is not good (any more). */
  readonly refusedToken: { status: number; body: string };
  /**
   * Fans that its consent page knows; any other id becomes one by signing in (`&user=ID&decision=allow`).
   * `accountId`: as `identify` names them, where that is not the id.
   */
  users(): readonly { id: string; displayName: string; accountId?: string }[];
  /** What the user's player shows, oldest first; `at` is domain time. */
  library(user: string): Promise<{ saved: LibraryEntry[]; following: LibraryEntry[] }>;
  /**
   * Tokens as of a sign-in at `authorisedAt`: how a demo gets connected fans, living and dead.
   */
  issueGrant(user: string, scopes: readonly string[], authorisedAt: Date): Promise<Tokens>;
  /** The fan removes the app on the provider's side; unknown tokens are ignored. */
  revokeGrant(refreshToken: string): Promise<void>;
  /** As above, for all sign-ins of a user: nothing tells Segue. A user without any: nothing happens. */
  removeApp(user: string): Promise<void>;
}

export interface LibraryEntry {
  /** The provider's name of the item. */
  uri: string;
  at: string;
}

export interface PhoneText {
  from: string;
  to: string;
  body: string;
  /** Names the text; texting in again with it stores nothing new but calls the webhook again. */
  id?: string | undefined;
  mediaCount?: number | undefined;
  zip?: string | undefined;
}

/** A text as a phone sees it: `in` came to the phone. */
export interface PhoneView {
  id: string;
  from: string;
  to: string;
  body: string;
  parts: number;
  status: string;
  direction: 'in' | 'out';
  at: string;
}

/** What an SMS fake shows the sandbox besides: the phones. */
export interface SmsFake extends Fake {
  /** What a form can be filled in with: settings over a number kept for fiction, for `own`. */
  connectionSettings(): Record<string, unknown>;
  /**
   * From now on there is an account with the credentials and numbers of these settings, and texts to
   * the numbers are told to `webhookUrl`: what somebody did at the provider who then filled in the
   * form. Settings that are none of this provider's change nothing. Repeating is harmless.
   */
  own(settings: Record<string, unknown>): Promise<void>;
  /**
   * Settings of a connection over this number, with credentials of the fake's own making; again with
   * the same number: the same credentials. `inboundUrl` is where texts to it are reported.
   */
  addNumber(number: string, inboundUrl: string | null): Promise<Record<string, unknown>>;
  /**
   * A phone texts in: stored first, then Segue's webhook is called. `webhookStatus` is the status of
   * Segue's last answer, null when there was none. Null: nobody owns the number `to`.
   */
  receiveText(text: PhoneText): Promise<{ id: string; webhookStatus: number | null } | null>;
  /** What phones got and sent, newest first; `number` is a phone, `before` the id of a text already seen. */
  texts(filter?: {
    number?: string;
    direction?: 'in' | 'out';
    limit?: number;
    before?: string;
  }): Promise<PhoneView[]>;
  /** Resolves when every text has its last state and every callback was made. */
  settled(): Promise<void>;
}

/** A mail as its reader sees it. */
export interface MailView {
  id: string;
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  /** As the provider sends them on, by name. */
  headers: Record<string, string>;
  at: string;
}

/** What an e-mail fake shows the sandbox besides: the mailboxes. */
export interface EmailFake extends Fake {
  /** Settings of a connection that this fake accepts. */
  connectionSettings(): Record<string, unknown>;
  /** Mails that reached a mailbox, newest first; `before` is the id of one already seen. */
  mails(filter?: { address?: string; limit?: number; before?: string }): Promise<MailView[]>;
  /** The reader of a mail marks it as spam: the provider tells Segue. False: no such mail. */
  complain(id: string): Promise<boolean>;
  /** Resolves when every report was made. */
  settled(): Promise<void>;
}

/** A message between a fan and the account, as the fan sees it: `in` came to the fan. */
export interface DirectMessageView {
  id: string;
  fan: string;
  text: string;
  direction: 'in' | 'out';
  /** The comment that it answers privately; null: an ordinary one. */
  commentId: string | null;
  at: string;
}

export interface PostView {
  id: string;
  caption: string;
  kind: 'FEED' | 'REELS';
  comments: { id: string; fan: string; text: string; at: string }[];
}

/** What a social fake shows the sandbox besides: an inbox, and posts to comment on. */
export interface SocialFake extends Fake {
  /** Settings of a connection that this fake accepts, its account signed in. */
  connectionSettings(): Record<string, unknown>;
  account(): { id: string; name: string };
  /** The id by which the account knows a fan of this name. */
  addressOf(fan: string): string;
  /**
   * A fan writes: stored first, then Segue's webhook is called. `webhookStatus` is Segue's last answer,
   * null when there was none. `id` names it; again with the same: nothing new, but the webhook again.
   */
  receiveMessage(message: { fan: string; text: string; id?: string | undefined }): Promise<SocialTaken>;
  /** As above, below a post; null: there is no such post. */
  receiveComment(comment: {
    fan: string;
    postId: string;
    text: string;
    id?: string | undefined;
  }): Promise<SocialTaken | null>;
  /** A person answers in the provider's own app. */
  replyByHand(message: { fan: string; text: string }): Promise<SocialTaken>;
  /** Of one fan, or of all, oldest first. */
  messages(fan?: string): Promise<DirectMessageView[]>;
  posts(): Promise<PostView[]>;
  /** Resolves when every webhook was called. */
  settled(): Promise<void>;
}

export interface SocialTaken {
  id: string;
  webhookStatus: number | null;
}

/** A door for fakes that are not reached over HTTP. */
export interface FakeDoor {
  port: number;
  close(): Promise<void>;
}

export interface FakeDoorOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  /** The fake of a connection; null as the id: of whoever names none. Undefined: there is no such fake. */
  find: (connectionId: string | null) => Promise<Fake | undefined>;
}
