import type { CallOptions, LaneRate } from '../connector.ts';

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

/** What a provider counted of the texts of a day. */
export interface SentCount {
  texts: number;
  parts: number;
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
   * R84: texts that left the numbers of this connection on a day (`2026-11-26`, UTC), as the provider counts
   * them; what it refused to carry is left out. A text whose parts it does not say counts as one. Slow: a
   * page of the list is one call, and `GiveUp` where there are too many of them.
   */
  countSent(day: string): Promise<SentCount>;
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
