import { z } from 'zod';
import type { TriggerDefinition } from '../trigger.ts';

const config = z.strictObject({});
type Config = z.infer<typeof config>;

const scopeOf = (projectId: string) => `sms-sign-up:${projectId}`;

/** Fires when a consent to texts becomes active: at once, or when it is confirmed (R97). */
export const smsSignUp: TriggerDefinition<Config> = {
  id: 'sms-sign-up',
  label: 'A fan signs up for texts',
  eventTypes: ['sms.opted_in'],
  config,
  scopes: (_, projectId) => [
    { scope: scopeOf(projectId), words: 'everyone who signs up for texts', rule: 'R13' },
  ],
  heardAt: (_, projectId) => scopeOf(projectId),
  references: () => [],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: () => 'A fan signs up for texts',
  fields: {},
  permission: () => 'none',
};
