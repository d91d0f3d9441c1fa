import type { Tokens } from './streaming.ts';

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
