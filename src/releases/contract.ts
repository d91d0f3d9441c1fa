import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';

const service = z.object({ service: z.string(), serviceId: z.string(), url: z.string().nullable() });

/** A pasted link, or a service's own id. */
const serviceInput = z.union([
  z.strictObject({ url: z.string().max(500) }),
  z.strictObject({ service: z.string().max(40), serviceId: z.string().min(1).max(200) }),
]);
const services = z.array(serviceInput).max(20);

const artist = z.object({ id, name: z.string(), services: z.array(service) });
const search = { q: z.string().trim().max(100).optional() };
const name = z.string().max(200);

export const listArtists = endpoint({
  method: 'GET',
  path: '/artists',
  summary: 'Artists, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ...pageQuery, ...search }),
  response: page(artist),
});

export const createArtist = endpoint({
  method: 'POST',
  path: '/artists',
  summary: 'Add an artist with links to the services',
  scope: 'write',
  permission: 'edit',
  body: z.strictObject({ name, services: services.default([]) }),
  response: artist,
  status: 201,
});

export const getArtist = endpoint({
  method: 'GET',
  path: '/artists/{id}',
  summary: 'One artist, and when services were last asked for new releases',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: artist.extend({
    /** Fans with NextSave for the artist. */
    nextSaveFans: z.number().int(),
    /** Only while some fan has NextSave. */
    watch: z.array(
      z.object({
        service: z.string(),
        lookedAt: time.nullable(),
        nextLookAt: time.nullable(),
        /** What was in the way the last time. */
        problem: z.string().nullable(),
      }),
    ),
  }),
});

export const updateArtist = endpoint({
  method: 'PUT',
  path: '/artists/{id}',
  summary: 'Change an artist; what is left out stays, `services` replaces all of them',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({ name: name.optional(), services: services.optional() }),
  response: artist,
});

const kind = z.enum(['album', 'track', 'playlist']);
/** `local`: `releaseAt` is wall time in each fan's zone, its Z ignored (R57). */
const releaseMode = z.enum(['global', 'local']);

const release = z.object({
  id,
  title: z.string(),
  artistId: id,
  artistName: z.string(),
  kind,
  releaseAt: time,
  releaseMode,
  /** The uploaded cover; addresses on this host, smallest first. */
  artwork: z
    .object({
      colour: z.string(),
      images: z.array(z.object({ width: z.number().int(), url: z.string() })),
    })
    .nullable(),
  upc: z.string().nullable(),
  countdownUrl: z.string().nullable(),
  cancelledAt: time.nullable(),
  services: z.array(service),
});

const changeable = {
  title: z.string().max(200),
  releaseAt: z.iso.datetime({ offset: true }),
  releaseMode: releaseMode.optional(),
  upc: z.string().max(40).nullable().optional(),
  /** The artist's own pre-save page at a service whose app may not serve everyone (R63). */
  countdownUrl: z.string().max(500).nullable().optional(),
};

export const listReleases = endpoint({
  method: 'GET',
  path: '/releases',
  summary: 'Releases, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ...pageQuery, ...search, artistId: id.optional() }),
  response: page(release),
});

export const createRelease = endpoint({
  method: 'POST',
  path: '/releases',
  summary: 'Add a release with links to the services',
  scope: 'write',
  permission: 'edit',
  body: z.strictObject({ ...changeable, artistId: id, kind, services: services.default([]) }),
  response: release,
  status: 201,
});

export const getRelease = endpoint({
  method: 'GET',
  path: '/releases/{id}',
  summary: 'One release',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: release,
});

export const updateRelease = endpoint({
  method: 'PUT',
  path: '/releases/{id}',
  summary: 'Change a release; what is left out stays, and what waits for its date moves with it',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({
    ...changeable,
    title: changeable.title.optional(),
    releaseAt: changeable.releaseAt.optional(),
    services: services.optional(),
  }),
  response: release,
});

export const cancelRelease = endpoint({
  method: 'POST',
  path: '/releases/{id}/cancel',
  summary: 'Call a release off: its saves and promises end as release_cancelled',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  response: release,
});

/** Bytes, and media types, of a cover that may be uploaded. */
export const artworkUpload = {
  maxBytes: 20 * 1024 * 1024,
  types: ['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif', 'image/tiff'],
};

export const uploadArtwork = endpoint({
  method: 'PUT',
  path: '/releases/{id}/artwork',
  summary: 'Upload the cover: the picture itself as the body. 413 above 20 MB, 422 where it is no picture',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  upload: artworkUpload,
  response: release,
});

export const removeArtwork = endpoint({
  method: 'DELETE',
  path: '/releases/{id}/artwork',
  summary: 'Take the cover away',
  scope: 'write',
  permission: 'edit',
  params: idParams,
});

export const countReleaseSaves = endpoint({
  method: 'GET',
  path: '/releases/{id}/saves',
  summary: 'How many saves of a release there are, by service and state',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: z.object({
    items: z.array(
      z.object({
        /** Empty: no service, as for a reminder. */
        service: z.string(),
        state: z.enum([
          'scheduled',
          'verified',
          'accepted',
          'already',
          'reminder_set',
          'reminded',
          'handed_over',
          'failed',
          'undone',
          'cancelled',
        ]),
        count: z.number().int(),
      }),
    ),
  }),
});
export type SaveCount = z.output<NonNullable<(typeof countReleaseSaves)['response']>>['items'][number];
