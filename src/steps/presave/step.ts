import { z } from 'zod';
import type { StepDefinition, StepReference } from '../step.ts';

const config = z.strictObject({ releaseId: z.uuid() });
type Config = z.infer<typeof config>;

const release = ({ releaseId }: Config): StepReference => ({
  path: 'releaseId',
  kind: 'release',
  id: releaseId,
});

export const presave: StepDefinition<Config> = {
  id: 'presave',
  label: 'Pre-save a release',
  group: 'streaming',
  config,
  references: (step) => [release(step)],
  templates: () => [],
  uses: null,
  summary: (step, name) => `Pre-save ${name(release(step))}`,
};
