import { z } from 'zod';
import { expect, type Expectation, type StepFacts } from '../expectations.ts';
import { plainWords } from '../plain-words.ts';
import type { StepDefinition, StepPolicy } from '../step.ts';

const config = z.strictObject({
  /** Liquid. Ten parts of plain text at most after rendering; checked when it is written. */
  body: z.string().trim().min(1).max(1_600),
  /** Absent: the sender the fan wrote to, else the project's first. */
  connectionId: z.uuid().optional(),
});
type Config = z.infer<typeof config>;

export const sendText: StepDefinition<Config> = {
  id: 'send-text',
  label: 'Send a text',
  group: 'messaging',
  config,
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  templates: ({ body }) => [{ path: 'body', source: body }],
  uses: 'sms',
  summary: (step) => {
    const body = plainWords(bodyOf(step));
    if (body === '') return 'Send a text';
    return `Text “${body.length > 40 ? `${body.slice(0, 39)}…` : body}”`;
  },
  fields: {
    body: { label: 'Text', kind: 'message', missing: 'Write the text.' },
    connectionId: {
      label: 'From',
      kind: 'connection',
      help: 'Without a choice: the number the fan wrote to, else the first one of the project.',
    },
  },
  expectations: (step, policy, facts) =>
    bodyOf(step).trim() === '' ? [expect('text_empty', 'skipped')] : expectations(policy, facts),
};

/** A draft's may still be missing. */
function bodyOf({ body }: Partial<Config>): string {
  return body ?? '';
}

/** How long a text waits for START where the carrier blocks it (R98). */
const blockedHours = 24;

function expectations(policy: StepPolicy, facts: StepFacts): Expectation[] {
  const { sender, permission, isLaterText, openHours, monthlyCap } = facts;
  if (sender === null) return [expect('text_no_sender', 'skipped')];
  // The fan's own text permits one answer, at any hour (R94, R46); what comes later is another text.
  const isAnswer = permission !== 'none' && !isLaterText;
  const hours = Math.min(policy.deadlineHours ?? blockedHours, blockedHours);
  return [
    isAnswer
      ? expect(permission === 'consent' ? 'text_consent' : 'text_reply', 'done')
      : expect('text_agreed', 'done'),
    ...(isAnswer || permission === 'consent' ? [] : [expect('text_no_consent', 'skipped')]),
    ...(isAnswer ? [] : [expect('text_quiet', 'held', { ...openHours })]),
    ...(isAnswer ? [] : [expect('text_cap', 'skipped', { count: monthlyCap })]),
    policy.onUnmet === 'skip'
      ? expect('text_blocked', 'skipped', { number: sender.value })
      : expect('text_blocked', 'deferred', { number: sender.value, hours }),
    expect('text_opted_out', 'skipped'),
    expect('text_other_country', 'skipped'),
  ];
}
