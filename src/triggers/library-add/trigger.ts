import { z } from 'zod';
import { someText } from '#lib/json.ts';
import { id } from '#lib/wire.ts';
import type { TriggerDefinition, TriggerReference } from '../trigger.ts';

const config = z.strictObject({
  releaseId: id,
  /** Pre-saves that land on release day start flows that send messages too (R109, R110). */
  withReleaseDay: z.boolean().default(false),
});
type Config = z.infer<typeof config>;

const release = ({ releaseId }: Config): TriggerReference => ({
  path: 'releaseId',
  kind: 'release',
  id: releaseId,
});

const scopeOf = (projectId: string, releaseId: string) => `library-add:${projectId}:${releaseId}`;

/** Fires when an album, track or playlist has gone into a fan's library through us (R22). */
export const libraryAdd: TriggerDefinition<Config> = {
  id: 'library-add',
  label: 'A fan adds a release to their library',
  eventTypes: ['release.saved'],
  config,
  scopes: ({ releaseId }, projectId) =>
    releaseId
      ? [{ scope: scopeOf(projectId, releaseId), words: 'library adds of this release', rule: 'R14' }]
      : [],
  heardAt(subject, projectId) {
    const releaseId = someText(subject, 'releaseId');
    return releaseId && scopeOf(projectId, releaseId);
  },
  // R110: what a stored pre-save does on release day by itself starts nothing that sends, unless asked for.
  mayStart: ({ withReleaseDay }, { subject, isSending }) =>
    subject['cause'] !== 'release-day' || withReleaseDay || !isSending,
  references: (trigger) => [release(trigger)],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: (trigger, name) => `A fan adds ${name(release(trigger))} to their library`,
  fields: {
    releaseId: { label: 'Release', kind: 'release', missing: 'Choose the release.' },
    withReleaseDay: {
      label: 'Send messages for pre-saves that land on release day too',
      help: 'Off: on release day only steps that send nothing are done. The release has a message of its own for that day.',
    },
  },
  permission: () => 'none',
};
