/**
 * The few error classes that steer behaviour. Everything else that is thrown is a bug.
 *
 * A connector throws one of the five `ConnectorError`s; the engine decides from the class alone
 * whether to try again, to give up or to find out what happened.
 */

/** Safe to show to whoever called: mapped once, in `http/`, to a problem document. */
export class UserError extends Error {
  override name = 'UserError';
  readonly status: number;
  readonly code: string;
  readonly details: UserErrorDetails;

  constructor(status: number, code: string, message: string, details: UserErrorDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export interface UserErrorDetails {
  errors?: { path: string; code: string; message: string }[];
  conflict?: { flowId: string; flowName: string; scope: string };
  rule?: string;
  retryAfterSeconds?: number;
}

export abstract class ConnectorError extends Error {
  /** One sentence of the provider's refusal with its code, safe to show to the artist. */
  readonly reason: string;

  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.reason = reason;
  }
}

/** The call is known not to have had an effect, and may succeed later. */
export class RetryLater extends ConnectorError {
  override name = 'RetryLater';
  /** Real time before which no call may use the same lanes; absent: the engine backs off this item alone. */
  readonly at: Date | undefined;
  /** True when the provider said that everything on this lane must wait (a 429), not this item alone. */
  readonly isLaneWide: boolean;

  constructor(reason: string, at?: Date, options?: { cause?: unknown; isLaneWide?: boolean }) {
    super(reason, options);
    this.at = at;
    this.isLaneWide = options?.isLaneWide ?? at !== undefined;
  }
}

/** The provider refused, and would refuse again: something about the request or the account is wrong. */
export class GiveUp extends ConnectorError {
  override name = 'GiveUp';
  /** The closed-list reason of a skip that this refusal amounts to (`opted_out`, …), where there is one. */
  readonly skip: string | undefined;

  constructor(reason: string, options?: { cause?: unknown; skip?: string }) {
    super(reason, options);
    this.skip = options?.skip;
  }
}

/** This address cannot be reached; the service itself is well. */
export class Undeliverable extends ConnectorError {
  override name = 'Undeliverable';
}

/** The credential is dead; somebody has to connect again. */
export class NeedsReconnect extends ConnectorError {
  override name = 'NeedsReconnect';
}

/** The call may or may not have been carried out (time-out after the first byte, unreadable answer). */
export class Unsure extends ConnectorError {
  override name = 'Unsure';
}
