import type { EmailReference } from './email.ts';
import type { DeliveryStatus, InboundText } from './sms.ts';
import type { EchoedDirectMessage, InboundComment, InboundDirectMessage } from './social.ts';

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
