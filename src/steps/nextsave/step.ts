import { z } from 'zod';
import { expect, streamingDays, type Expectation, type StepFacts } from '../expectations.ts';
import type { StepDefinition, StepPolicy, StepReference } from '../step.ts';

const config = z.strictObject({ artistId: z.uuid() });
type Config = z.infer<typeof config>;

const artist = ({ artistId }: Config): StepReference => ({ path: 'artistId', kind: 'artist', id: artistId });

/** No flow can say yes for a fan: the step asks, and is done when she has ticked the box (R100). */
export const nextSave: StepDefinition<Config> = {
  id: 'nextsave',
  label: 'Save future releases',
  group: 'streaming',
  config,
  references: (step) => [artist(step)],
  templates: () => [],
  uses: null,
  isByBoxOnly: true,
  summary: (step, name) => `Save future releases of ${name(artist(step))}`,
  fields: { artistId: { label: 'Artist', kind: 'artist', missing: 'Choose whose releases are saved.' } },
  expectations: (_, policy, facts) => expectations(policy, facts),
};

function expectations({ onUnmet, deadlineHours }: StepPolicy, facts: StepFacts): Expectation[] {
  if (facts.artist === null) return [expect('not_chosen', 'skipped')];
  const able = facts.services.filter(({ canSave }) => canSave);
  if (able.length === 0) return [expect('streaming_no_app', 'deferred')];
  const { name } = facts.artist;
  const services = [...new Set(able.map(({ label }) => label))];
  if (onUnmet === 'skip') {
    return [expect('nextsave_given', 'done', { name }), expect('nextsave_skip', 'skipped', { name })];
  }
  const hours = deadlineHours ?? streamingDays * 24;
  return [
    expect('nextsave_box', 'deferred', { name, services, hours }),
    expect('nextsave_given', 'done', { name }),
    expect('streaming_link_ended', 'deferred', { services }),
  ];
}
