import { z } from 'zod';
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
};
