import { z } from 'zod';
import { expect, streamingExpectations } from '../expectations.ts';
import type { StepDefinition, StepReference } from '../step.ts';

const config = z.strictObject({ artistId: z.uuid() });
type Config = z.infer<typeof config>;

const artist = ({ artistId }: Config): StepReference => ({ path: 'artistId', kind: 'artist', id: artistId });

export const followArtist: StepDefinition<Config> = {
  id: 'follow-artist',
  label: 'Follow an artist',
  group: 'streaming',
  config,
  references: (step) => [artist(step)],
  templates: () => [],
  uses: null,
  summary: (step, name) => `Follow ${name(artist(step))}`,
  fields: { artistId: { label: 'Artist', kind: 'artist', missing: 'Choose the artist to follow.' } },
  expectations(_, policy, facts) {
    if (facts.artist === null) return [expect('not_chosen', 'skipped')];
    const { name, services: known } = facts.artist;
    const linked = expect('follow_linked', 'done', { name });
    return streamingExpectations(facts, policy, { can: 'canFollow', known, releaseAt: null, linked });
  },
};
