import type { ConnectorError } from '#lib/errors.ts';
import type { CallOptions, LaneRate } from '../connector.ts';

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
