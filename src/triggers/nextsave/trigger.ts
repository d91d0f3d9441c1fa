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

const scopeOf = (projectId: string, artistId: string) => `nextsave:${projectId}:${artistId}`;

/** Fires when a fan ticks the box that saves an artist's future releases (R65). */
export const nextSave: TriggerDefinition<Config> = {
  id: 'nextsave',
  label: 'A fan opts into NextSave',
  eventTypes: ['nextsave.opted_in'],
  config,
  scopes: ({ artistId }, projectId) =>
    artistId ? [{ scope: scopeOf(projectId, artistId), words: 'NextSave for this artist', rule: 'R14' }] : [],
  heardAt(subject, projectId) {
    const artistId = someText(subject, 'artistId');
    return artistId && scopeOf(projectId, artistId);
  },
  references: (trigger) => [artist(trigger)],
  problems: () => [],
  defaultReentry: { policy: 'once' },
  callToAction: () => null,
  summary: (trigger, name) => `A fan opts into NextSave for ${name(artist(trigger))}`,
  fields: { artistId: { label: 'Artist', kind: 'artist', missing: 'Choose the artist.' } },
  permission: () => 'none',
};
