import { z } from 'zod';
import { expect, streamingExpectations } from '../expectations.ts';
import type { StepDefinition, StepReference } from '../step.ts';

const config = z.strictObject({ releaseId: z.uuid() });
type Config = z.infer<typeof config>;

const release = ({ releaseId }: Config): StepReference => ({
  path: 'releaseId',
  kind: 'release',
  id: releaseId,
});

export const saveRelease: StepDefinition<Config> = {
  id: 'save-release',
  label: 'Add a release to library',
  group: 'streaming',
  config,
  references: (step) => [release(step)],
  templates: () => [],
  uses: null,
  summary: (step, name) => `Add ${name(release(step))} to library`,
  fields: { releaseId: { label: 'Release', kind: 'release', missing: 'Choose the release to add.' } },
  expectations(_, policy, facts) {
    const { release: work, now } = facts;
    if (work === null) return [expect('not_chosen', 'skipped')];
    const { title: name, releaseAt, services: known } = work;
    if (work.isCancelled) return [expect('release_cancelled', 'skipped', { name })];
    const linked =
      releaseAt <= now
        ? expect('library_linked', 'done', { name })
        : expect('library_at_release', 'done', { name, at: releaseAt });
    return streamingExpectations(facts, policy, { can: 'canSave', known, releaseAt: null, linked });
  },
};
