import { z } from 'zod';
import type { TriggerDefinition } from '../trigger.ts';

const config = z.strictObject({});
type Config = z.infer<typeof config>;

const scopeOf = (projectId: string) => `email-sign-up:${projectId}`;

/** Fires when a consent to mails becomes active: at once, or when it is confirmed (R97). */
export const emailSignUp: TriggerDefinition<Config> = {
  id: 'email-sign-up',
  label: 'A fan signs up for mails',
  eventTypes: ['email.opted_in'],
  config,
  scopes: (_, projectId) => [
    { scope: scopeOf(projectId), words: 'everyone who signs up for mails', rule: 'R13' },
  ],
  heardAt: (_, projectId) => scopeOf(projectId),
  references: () => [],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: () => 'A fan signs up for mails',
  fields: {},
  permission: () => 'none',
};
