import { z } from 'zod';
import { expect, streamingExpectations, type Expectation, type StepFacts } from '../expectations.ts';
import type { StepDefinition, StepPolicy, StepReference } from '../step.ts';

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
  fields: { releaseId: { label: 'Release', kind: 'release', missing: 'Choose the release to pre-save.' } },
  expectations: (_, policy, facts) => expectations(policy, facts),
};

function expectations(policy: StepPolicy, facts: StepFacts): Expectation[] {
  const { release: work, now } = facts;
  if (work === null) return [expect('not_chosen', 'skipped')];
  const { title: name, releaseAt, services, hasCountdown } = work;
  if (work.isCancelled) return [expect('release_cancelled', 'skipped', { name })];
  const isOut = releaseAt <= now;
  // A9: what is out already is added at once, and nobody can be waited for until a day gone by.
  const linked = isOut
    ? expect('presave_out', 'done', { name })
    : expect('presave_linked', 'done', { name, at: releaseAt });
  const rows = streamingExpectations(facts, policy, {
    can: 'canSave',
    known: services,
    releaseAt,
    hasCountdown: hasCountdown && !isOut,
    linked,
  });
  return isOut ? rows : [...rows, ...renewals(facts, releaseAt)];
}

/** R103: a link that ends before the release is saved up to then, and asked for again once. */
function renewals({ services, now }: StepFacts, releaseAt: string): Expectation[] {
  const daysAhead = (Date.parse(releaseAt) - Date.parse(now)) / 86_400_000;
  const short = services.filter(
    ({ canSave, linkDays }) => canSave && linkDays !== null && linkDays < daysAhead,
  );
  if (short.length === 0) return [];
  return [expect('presave_renew', 'done', { services: [...new Set(short.map(({ label }) => label))] })];
}
