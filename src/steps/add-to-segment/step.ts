import { z } from 'zod';
import { expect } from '../expectations.ts';
import type { StepDefinition, StepReference } from '../step.ts';

const config = z.strictObject({ segmentId: z.uuid() });
type Config = z.infer<typeof config>;

const segment = ({ segmentId }: Config): StepReference => ({
  path: 'segmentId',
  kind: 'segment',
  id: segmentId,
});

export const addToSegment: StepDefinition<Config> = {
  id: 'add-to-segment',
  label: 'Add fan to segment',
  group: 'audience',
  config,
  references: (step) => [segment(step)],
  templates: () => [],
  uses: null,
  summary: (step, name) => `Add to “${name(segment(step))}”`,
  fields: { segmentId: { label: 'Segment', kind: 'segment', missing: 'Choose the segment.' } },
  expectations: (_, __, facts) =>
    facts.segment === null
      ? [expect('not_chosen', 'skipped')]
      : [expect('segment_all', 'done', { name: facts.segment.name }), expect('already', 'done')],
};
