import type { EmailReport } from '../../connector.ts';
import type { KeptMail } from '../../kit/email/mailboxes.ts';

/** A webhook's body by kind of record, with the fields that Postmark's documentation shows. */
export function hookOf(mail: KeptMail, event: EmailReport['event'], at: Date) {
  const common = {
    MessageID: mail.id,
    MessageStream: 'broadcast',
    ServerID: 1,
    Tag: '',
    Metadata: mail.tags,
  };
  const moment = at.toISOString();
  if (event === 'delivered')
    return { RecordType: 'Delivery', ...common, Recipient: mail.to, DeliveredAt: moment, Details: '250 OK' };
  if (event === 'unsubscribed') {
    return {
      RecordType: 'SubscriptionChange',
      ...common,
      Recipient: mail.to,
      ChangedAt: moment,
      Origin: 'Recipient',
      SuppressSending: true,
      SuppressionReason: 'ManualSuppression',
    };
  }
  const kinds = {
    hard_bounce: { RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Inactive: true },
    soft_bounce: { RecordType: 'Bounce', Type: 'SoftBounce', TypeCode: 4096, Inactive: false },
    complaint: { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100_001, Inactive: true },
  };
  return {
    ...kinds[event],
    ...common,
    ID: 1,
    Email: mail.to,
    From: mail.from,
    Subject: mail.subject,
    BouncedAt: moment,
    CanActivate: event !== 'complaint',
    DumpAvailable: false,
  };
}
