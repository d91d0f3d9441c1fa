import type { CallOptions, LaneRate } from '../connector.ts';

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
