import type { EmailReport } from '../../connector.ts';
import type { KeptMail } from '../../kit/email/mailboxes.ts';

const types: Record<EmailReport['event'], string> = {
  delivered: 'email.delivered',
  hard_bounce: 'email.bounced',
  soft_bounce: 'email.bounced',
  complaint: 'email.complained',
  unsubscribed: 'email.complained',
};

/** A webhook's body, as the published document has it. */
export function hookOf(mail: KeptMail, event: EmailReport['event'], at: Date) {
  const isPermanent = event === 'hard_bounce';
  const bounce = {
    type: isPermanent ? 'Permanent' : 'Transient',
    subType: isPermanent ? 'General' : 'MailboxFull',
    message: 'The recipient’s server refused the mail.',
    diagnosticCode: [isPermanent ? 'smtp; 550 5.1.1 user unknown' : 'smtp; 452 4.2.2 mailbox full'],
  };
  return {
    type: types[event],
    created_at: at.toISOString(),
    data: {
      email_id: mail.id,
      created_at: mail.at,
      from: mail.from,
      to: [mail.to],
      subject: mail.subject,
      tags: mail.tags,
      headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })),
      ...(types[event] === 'email.bounced' ? { bounce } : {}),
    },
  };
}
