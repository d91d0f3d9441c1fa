import { z } from 'zod';
import { someText } from '#lib/json.ts';
import { id } from '#lib/wire.ts';
import type { TriggerDefinition, TriggerReference } from '../trigger.ts';

const config = z.strictObject({ artistId: id });
type Config = z.infer<typeof config>;

const artist = ({ artistId }: Config): TriggerReference => ({
  path: 'artistId',
  kind: 'artist',
  id: artistId,
});

const scopeOf = (projectId: string, artistId: string) => `follow:${projectId}:${artistId}`;

/** Fires for follows made through us; no service reports those made elsewhere (domain 2). */
export const follow: TriggerDefinition<Config> = {
  id: 'follow',
  label: 'A fan follows an artist',
  eventTypes: ['artist.followed'],
  config,
  scopes: ({ artistId }, projectId) =>
    artistId
      ? [{ scope: scopeOf(projectId, artistId), words: 'new followers of this artist', rule: 'R14' }]
      : [],
  heardAt(subject, projectId) {
    const artistId = someText(subject, 'artistId');
    return artistId && scopeOf(projectId, artistId);
  },
  references: (trigger) => [artist(trigger)],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: (trigger, name) => `A fan follows ${name(artist(trigger))}`,
  fields: { artistId: { label: 'Artist', kind: 'artist', missing: 'Choose the artist.' } },
  permission: () => 'none',
};
