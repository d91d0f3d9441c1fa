import { createLives, type LifeSettings, type Lives } from '../../kit/sms/lives.ts';
import type { TwilioNetwork } from './network.ts';
import type { FakeMessage, TwilioState } from './state.ts';

export type StatusCallbacks = Lives<FakeMessage>;

export function createStatusCallbacks(parts: {
  state: TwilioState;
  network: TwilioNetwork;
  now: () => Date;
  settings: Partial<LifeSettings>;
}): StatusCallbacks {
  const { state, network, now, settings } = parts;
  return createLives<FakeMessage>({
    now,
    settings,
    isReordered: () => network.switches.reorder,
    endOf: finalStatus,
    async tell(message, url, { status, errorCode }) {
      const token = state.tokenOf(message.accountSid);
      if (token === undefined) return;
      await network.call(url, token, callbackFields(message, status, errorCode, now()));
    },
    changed: (message) => state.texts.changed(message),
  });
}

function finalStatus(errorCode: number | undefined): { status: string; neverLeft: boolean } {
  if (errorCode === undefined) return { status: 'delivered', neverLeft: false };
  // An opt-out found by a Messaging Service never leaves the provider; the rest fails at the carrier.
  return errorCode === 21610
    ? { status: 'failed', neverLeft: true }
    : { status: 'undelivered', neverLeft: false };
}

function callbackFields(
  message: FakeMessage,
  status: string,
  errorCode: number | null,
  at: Date,
): Record<string, string> {
  return {
    ...(errorCode !== null && { ErrorCode: String(errorCode) }),
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    To: message.to,
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: message.from,
    ApiVersion: '2010-04-01',
    ...(message.messagingServiceSid !== null && { MessagingServiceSid: message.messagingServiceSid }),
    // YYMMDDhhmm, no zone.
    ...(status === 'delivered' && { RawDlrDoneDate: at.toISOString().replace(/\D/g, '').slice(2, 12) }),
  };
}
