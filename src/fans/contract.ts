import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, time } from '#lib/wire.ts';
import { moment } from './moments.ts';

const channel = z.enum(['sms', 'email', 'instagram']);
/** `en`, `de-CH`. */
const language = z
  .string()
  .regex(/^[a-z]{2}(-[A-Z]{2})?$/, { error: 'A language is written as en or de-CH.' });

/** Proof of what a fan agreed to; never changed, only ended. */
export const consent = z.object({
  id,
  channel: z.string(),
  address: z.string(),
  /** Exactly as it was shown (R38). */
  text: z.string(),
  textVersion: z.string(),
  method: z.enum(['keyword', 'web', 'restart', 'claimed']),
  source: z.record(z.string(), z.unknown()),
  /** Messages a month that were promised; null: none named. */
  perMonth: z.number().int().nullable(),
  grantedAt: time,
  /** Null: waits for the fan's confirmation (R97). */
  activeAt: time.nullable(),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
});

const fan = z.object({
  id,
  name: z.string().nullable(),
  language: z.string().nullable(),
  country: z.string().nullable(),
  createdAt: time,
  phone: z.string().nullable(),
  email: z.string().nullable(),
  instagram: z.string().nullable(),
  /** A message that may mean STOP holds all texts until a person has read it (R41). */
  sendingHeld: z.object({ sms: z.boolean() }),
  consents: z.array(consent),
  /** Standing ones only. */
  optOuts: z.array(z.object({ channel, address: z.string(), word: z.string(), at: time })),
  /** Senders from which the provider delivers nothing to her number (R98). */
  blocks: z.array(z.object({ sender: z.string(), at: time })),
  /** E-mail addresses that get no mail: dead, or their reader called one spam (R76). */
  suppressions: z.array(
    z.object({
      address: z.string(),
      reason: z.enum(['hard_bounce', 'complaint']),
      detail: z.string().nullable(),
      at: time,
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
    /** Part of a name, a number, an e-mail address or an Instagram name. */
    q: z.string().trim().max(100).optional(),
    /** Who agreed to be written to there. */
    consent: z.enum(['sms', 'email']).optional(),
    /** Who has linked this streaming service. */
    service: z.string().max(40).optional(),
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

export const updateFan = endpoint({
  method: 'PUT',
  path: '/fans/{id}',
  summary: 'Change what a fan is called and in which language she is written to; what is left out stays',
  scope: 'write',
  permission: 'edit',
  params: idParams,
  body: z.strictObject({
    name: z.string().trim().max(200).nullable().optional(),
    language: language.nullable().optional(),
  }),
  response: fan,
});

export type Moment = z.output<typeof moment>;

export const listFanTimeline = endpoint({
  method: 'GET',
  path: '/fans/{id}/timeline',
  summary: 'All that happened with a fan: what she did, runs, messages, consents, links; newest first',
  scope: 'read',
  permission: 'see',
  params: idParams,
  query: z.strictObject(pageQuery),
  response: page(moment),
});

const segment = z.object({ id, name: z.string(), size: z.number().int(), createdAt: time });
const segmentBody = z.strictObject({ name: z.string().trim().min(1).max(120) });

export const listSegments = endpoint({
  method: 'GET',
  path: '/segments',
  summary: 'Segments, newest first',
  scope: 'read',
  permission: 'see',
  query: z.strictObject({ ...pageQuery, q: z.string().trim().max(100).optional() }),
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

const memberParams = z.strictObject({ id, fanId: id });

export const addToSegment = endpoint({
  method: 'PUT',
  path: '/segments/{id}/fans/{fanId}',
  summary: 'Put a fan into a segment by hand; one who is there stays',
  scope: 'write',
  permission: 'edit',
  params: memberParams,
});

export const removeFromSegment = endpoint({
  method: 'DELETE',
  path: '/segments/{id}/fans/{fanId}',
  summary: 'Take a fan out of a segment; one who is not there: nothing happens',
  scope: 'write',
  permission: 'edit',
  params: memberParams,
});
