import { z } from 'zod';
import { someText } from '#lib/json.ts';
import { id } from '#lib/wire.ts';
import type { TriggerDefinition, TriggerReference } from '../trigger.ts';

const config = z.strictObject({ releaseId: id });
type Config = z.infer<typeof config>;

const release = ({ releaseId }: Config): TriggerReference => ({
  path: 'releaseId',
  kind: 'release',
  id: releaseId,
});

const scopeOf = (projectId: string, releaseId: string) => `presave:${projectId}:${releaseId}`;

/** Fires wherever the pre-save was made: page, embed, link, API or another flow's step (R3). */
export const presave: TriggerDefinition<Config> = {
  id: 'presave',
  label: 'A fan pre-saves a release',
  eventTypes: ['release.presaved'],
  config,
  scopes: ({ releaseId }, projectId) =>
    releaseId
      ? [{ scope: scopeOf(projectId, releaseId), words: 'pre-saves of this release', rule: 'R14' }]
      : [],
  heardAt(subject, projectId) {
    const releaseId = someText(subject, 'releaseId');
    return releaseId && scopeOf(projectId, releaseId);
  },
  references: (trigger) => [release(trigger)],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: (trigger, name) => `A fan pre-saves ${name(release(trigger))}`,
  fields: { releaseId: { label: 'Release', kind: 'release', missing: 'Choose the release.' } },
  permission: () => 'none',
};
