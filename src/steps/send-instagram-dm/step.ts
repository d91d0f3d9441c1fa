import { z } from 'zod';
import { expect, type Expectation, type StepFacts } from '../expectations.ts';
import { plainWords } from '../plain-words.ts';
import type { StepDefinition, StepPolicy } from '../step.ts';

const config = z.strictObject({
  /** Liquid. 1,000 bytes at most after rendering, the words that the system adds included. */
  text: z.string().trim().min(1).max(4_000),
  /** Absent: the account that the fan wrote to, else the project's first. */
  connectionId: z.uuid().optional(),
  /** What happens once the 24 hours are over. */
  fallback: z.enum(['none', 'text']).default('none'),
});
type Config = z.infer<typeof config>;

export const sendInstagramDm: StepDefinition<Config> = {
  id: 'send-instagram-dm',
  label: 'Send an Instagram DM',
  group: 'social',
  config,
  references: ({ connectionId }) =>
    connectionId === undefined ? [] : [{ path: 'connectionId', kind: 'connection', id: connectionId }],
  templates: ({ text }) => [{ path: 'text', source: text }],
  uses: null,
  summary: (step) => {
    const text = plainWords(textOf(step));
    if (text === '') return 'Send an Instagram DM';
    return `DM “${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;
  },
  fields: {
    text: { label: 'Message', kind: 'message', missing: 'Write the message.' },
    connectionId: {
      label: 'From',
      kind: 'connection',
      help: 'Without a choice: the account the fan wrote to, else the first one of the project.',
    },
    fallback: {
      label: 'If Instagram lets nobody write to the fan',
      choices: { none: 'skip it', text: 'send it as a text, if the fan agreed to texts' },
    },
  },
  expectations: (step, policy, facts) =>
    textOf(step).trim() === '' ? [expect('dm_empty', 'skipped')] : expectations(step.fallback, policy, facts),
};

/** A draft's may still be missing. */
function textOf({ text }: Partial<Config>): string {
  return text ?? '';
}

/** How long a message waits for the account to be connected again. */
const disconnectedHours = 24;

function expectations(
  fallback: Config['fallback'],
  policy: StepPolicy,
  { account, fromInstagram }: StepFacts,
): Expectation[] {
  const hours = Math.min(policy.deadlineHours ?? disconnectedHours, disconnectedHours);
  const waits =
    policy.onUnmet === 'skip'
      ? expect('dm_disconnected', 'skipped')
      : expect('dm_disconnected', 'deferred', { hours });
  if (account === null) return [waits];
  const name = account.value;
  return [
    expect(`dm_${fromInstagram}`, 'done', { name }),
    fromInstagram === 'comment' ? expect('dm_reply_used', 'skipped') : outsideWindow(fallback),
    expect('dm_opted_out', 'skipped'),
    expect('dm_person', 'skipped'),
    ...(fromInstagram === 'none' ? [expect('dm_no_address', 'skipped')] : []),
    waits,
  ];
}

function outsideWindow(fallback: Config['fallback']): Expectation {
  return fallback === 'text' ? expect('dm_fallback', 'done') : expect('dm_window', 'skipped');
}
