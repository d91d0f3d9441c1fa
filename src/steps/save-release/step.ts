import { z } from 'zod';
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
};
