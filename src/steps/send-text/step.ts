import { z } from 'zod';
import type { StepDefinition } from '../step.ts';

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
  summary: ({ body }) => `Text “${body.length > 40 ? `${body.slice(0, 39)}…` : body}”`,
};
