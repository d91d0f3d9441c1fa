import type { FlowDefinition } from './definition.ts';
import { stepReferences, triggerDefinition, triggerReferences } from './definition.ts';
import type { KnownPath } from './template-problems.ts';

/**
 * What the body of the step at `index` (from 0) may name: facts of fan, artist and release, links, and
 * what the steps before it did. A release is known where the trigger or a step
 * names one, or the events are about one.
 */
export function knownPathsAt(
  { trigger, steps }: Pick<FlowDefinition, 'trigger' | 'steps'>,
  index: number,
): KnownPath[] {
  const named = [...triggerReferences(trigger), ...steps.flatMap(stepReferences)];
  const hasRelease =
    triggerDefinition(trigger).isAboutRelease === true || named.some(({ kind }) => kind === 'release');
  const earlier = [...new Set(steps.slice(0, index).map(({ step }) => step))];
  return [
    { path: 'fan.name', mayBeMissing: true },
    { path: 'artist.name' },
    ...(hasRelease ? [{ path: 'release.title' }, { path: 'release.date' }] : []),
    { path: 'links.connect' },
    { path: 'links.undo' },
    ...(hasRelease ? [{ path: 'links.until', mayBeMissing: true }] : []),
    { path: 'run.again' },
    ...earlier.flatMap((step) => [
      { path: `steps.${step}.status` },
      { path: `steps.${step}.reason`, mayBeMissing: true },
    ]),
  ];
}
