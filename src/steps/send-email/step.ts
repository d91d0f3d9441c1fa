import { z } from 'zod';
import { expect, type Expectation, type StepFacts } from '../expectations.ts';
import { plainWords } from '../plain-words.ts';
import type { StepDefinition } from '../step.ts';

const config = z.strictObject({
  /** Liquid, one line. */
  subject: z.string().trim().min(1).max(300),
  /** Liquid; paragraphs, headings and links as `parse-body.ts` reads them. */
  body: z.string().trim().min(1).max(20_000),
  /** Absent: the project's first e-mail sender. */
  connectionId: z.uuid().optional(),
});
type Config = z.infer<typeof config>;

export const sendEmail: StepDefinition<Config> = {
  id: 'send-email',
  label: 'Send an e-mail',
  group: 'messaging',
  config,
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  templates: ({ subject, body }) => [
    { path: 'subject', source: subject },
    { path: 'body', source: body },
  ],
  uses: 'email',
  summary: (step) => {
    const subject = plainWords(textOf(step, 'subject'));
    if (subject === '') return 'Send an e-mail';
    return `E-mail “${subject.length > 40 ? `${subject.slice(0, 39)}…` : subject}”`;
  },
  fields: {
    subject: { label: 'Subject', missing: 'Write the subject.' },
    body: {
      label: 'Text',
      kind: 'message',
      missing: 'Write the mail.',
      help: 'An empty line begins a paragraph, # a heading. [Words](https://…) are a link; alone in a paragraph, a button.',
    },
    connectionId: {
      label: 'From',
      kind: 'connection',
      help: 'Without a choice: the first e-mail sender of the project.',
    },
  },
  expectations: (step, _policy, facts) =>
    textOf(step, 'subject').trim() === '' || textOf(step, 'body').trim() === ''
      ? [expect('email_empty', 'skipped')]
      : expectations(facts),
};

/** A draft's may still be missing. */
function textOf(step: Partial<Config>, field: 'subject' | 'body'): string {
  return step[field] ?? '';
}

function expectations({ emailSender }: StepFacts): Expectation[] {
  if (emailSender === null) return [expect('email_no_sender', 'skipped')];
  if (!emailSender.isReady) return [expect('email_sender_not_ready', 'skipped', { name: emailSender.value })];
  return [
    expect('email_agreed', 'done', { name: emailSender.value }),
    expect('email_no_consent', 'skipped'),
    expect('email_no_address', 'skipped'),
    expect('email_unsubscribed', 'skipped'),
    expect('email_bounced', 'skipped'),
  ];
}
