import { z } from 'zod';
import type { TriggerDefinition } from '../trigger.ts';

const config = z.strictObject({});
type Config = z.infer<typeof config>;

const scopeOf = (projectId: string) => `new-release:${projectId}`;

/**
 * Fires once per canonical release for each fan with NextSave for its artist (R66). What the run's
 * texts name is the release that was found; saving it needs no step.
 */
export const newRelease: TriggerDefinition<Config> = {
  id: 'new-release',
  label: 'A new release is detected (NextSave)',
  eventTypes: ['release.detected'],
  config,
  scopes: (_, projectId) => [{ scope: scopeOf(projectId), words: 'every new release', rule: 'R13' }],
  heardAt: (_, projectId) => scopeOf(projectId),
  isAboutRelease: true,
  references: () => [],
  problems: () => [],
  // Each release is news; one that was found twice is one event (R66).
  defaultReentry: { policy: 'always' },
  callToAction: () => null,
  summary: () => 'A new release is detected',
  fields: {},
  permission: () => 'none',
  planFeature: 'newReleaseTrigger',
};
