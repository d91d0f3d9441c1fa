import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';

const fan = z.object({
  id,
  phone: z.string().nullable(),
  email: z.string().nullable(),
  instagram: z.string().nullable(),
  /** A message that may mean STOP holds all texts until a person has read it (R41). */
  sendingHeld: z.object({ sms: z.boolean() }),
  consents: z.array(
    z.object({
      id,
      channel: z.string(),
      address: z.string(),
      text: z.string(),
      textVersion: z.string(),
      source: z.record(z.string(), z.unknown()),
      grantedAt: time,
      revokedAt: time.nullable(),
    }),
  ),
  grants: z.array(
    z.object({
      service: z.string(),
      state: z.enum(['live', 'expired', 'revoked', 'refused_by_app']),
      authorisedAt: time,
      diesAt: time.nullable(),
      /** What she allowed, on all her services (R100). */
      purposes: z.array(
        z.object({ kind: z.enum(['release', 'follow', 'future']), targetId: id, givenAt: time }),
      ),
    }),
  ),
  segments: z.array(id),
  connectUrl: z.string(),
});
export type FanView = z.input<typeof fan>;

export const listFans = endpoint({
  method: 'GET',
  path: '/fans',
  summary: 'Fans, newest first; by address at most one',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({
    ...pageQuery,
    phone: z.string().max(40).optional(),
    email: z.string().max(254).optional(),
    instagram: z.string().max(100).optional(),
    segmentId: id.optional(),
  }),
  response: page(fan),
});

export const getFan = endpoint({
  method: 'GET',
  path: '/fans/{id}',
  summary: 'One fan with consents, grants and segments',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: fan,
});

const segment = z.object({ id, name: z.string(), size: z.number().int(), createdAt: time });
const segmentBody = z.strictObject({ name: z.string().trim().min(1).max(120) });

export const listSegments = endpoint({
  method: 'GET',
  path: '/segments',
  summary: 'Segments, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject(pageQuery),
  response: page(segment),
});

export const createSegment = endpoint({
  method: 'POST',
  path: '/segments',
  summary: 'Make a segment',
  scope: 'write',
  permission: 'edit',
  body: segmentBody,
  response: segment,
  status: 201,
});

export const getSegment = endpoint({
  method: 'GET',
  path: '/segments/{id}',
  summary: 'One segment',
  scope: 'read',
  permission: 'see',
  params: idParams,
  response: segment,
});

export const renameSegment = endpoint({
  method: 'PUT',
  path: '/segments/{id}',
  summary: 'Rename a segment',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: segmentBody,
  response: segment,
});

export const deleteSegment = endpoint({
  method: 'DELETE',
  path: '/segments/{id}',
  summary: 'Delete a segment; its fans stay. 409 while an active or paused flow names it',
  scope: 'write',
  permission: 'edit',
  params: idParams,
});

export const listSegmentFans = endpoint({
  method: 'GET',
  path: '/segments/{id}/fans',
  summary: 'Fans of a segment, newest first',
  scope: 'read',
  permission: 'see',
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(fan),
});
