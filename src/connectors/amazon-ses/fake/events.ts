import type { EmailReport } from '../../connector.ts';
import type { KeptMail } from '../../kit/email/mailboxes.ts';

/** An event as a configuration set publishes it; null where SES has none. */
export function eventOf(mail: KeptMail, event: EmailReport['event'], at: Date): object | null {
  const timestamp = at.toISOString();
  const common = {
    mail: {
      messageId: mail.id,
      timestamp: mail.at,
      source: mail.from,
      destination: [mail.to],
      headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })),
      tags: Object.fromEntries(Object.entries(mail.tags).map(([name, value]) => [name, [value]])),
    },
  };
  switch (event) {
    case 'delivered':
      return {
        eventType: 'Delivery',
        ...common,
        delivery: { timestamp, processingTimeMillis: 300, recipients: [mail.to], smtpResponse: '250 ok' },
      };
    case 'complaint':
      return {
        eventType: 'Complaint',
        ...common,
        complaint: {
          timestamp,
          complainedRecipients: [{ emailAddress: mail.to }],
          complaintFeedbackType: 'abuse',
          feedbackId: mail.id,
        },
      };
    case 'hard_bounce':
    case 'soft_bounce': {
      const isPermanent = event === 'hard_bounce';
      const bouncedRecipients = [
        {
          emailAddress: mail.to,
          action: 'failed',
          status: isPermanent ? '5.1.1' : '4.2.2',
          diagnosticCode: isPermanent ? 'smtp; 550 5.1.1 user unknown' : 'smtp; 452 4.2.2 mailbox full',
        },
      ];
      const kind = isPermanent
        ? { bounceType: 'Permanent', bounceSubType: 'General' }
        : { bounceType: 'Transient', bounceSubType: 'MailboxFull' };
      return {
        eventType: 'Bounce',
        ...common,
        bounce: { ...kind, bouncedRecipients, timestamp, feedbackId: mail.id },
      };
    }
    case 'unsubscribed':
      return null;
  }
}
