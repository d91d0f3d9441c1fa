import { z } from 'zod';
import { endpoint } from '#lib/endpoint.ts';
import { id, idParams, page, pageQuery, sentTime, time } from '#lib/wire.ts';

/** What endpoints can be told: every event that a flow can begin with, and the wish for a new sign-in. */
export const webhookTypes = [
  'sms.keyword',
  'sms.opted_in',
  'email.opted_in',
  'release.presaved',
  'release.saved',
  'artist.followed',
  'nextsave.opted_in',
  'instagram.message',
  'instagram.comment',
  'release.detected',
  'grant.expiring',
] as const;
export type WebhookType = (typeof webhookTypes)[number];

/** Sent on demand, to any endpoint. */
export const testType = 'webhook.test';

const url = z.string().trim().max(2_000);
const description = z.string().trim().max(200);
/** None: all of them, those that come later too. */
const types = z.array(z.enum(webhookTypes)).max(webhookTypes.length);

const webhookEndpoint = z.object({
  id,
  url: z.string(),
  description: z.string(),
  types: z.array(z.string()),
  state: z.enum(['active', 'disabled']),
  /** `person`: somebody switched it off; `gone`: it answered 410; `failing`: nothing arrived for three days. */
  disabledFor: z.enum(['person', 'gone', 'failing']).nullable(),
  disabledAt: time.nullable(),
  /** Until then the secret before the last change signs too. */
  previousSecretUntil: time.nullable(),
  lastSuccessAt: time.nullable(),
  lastFailureAt: time.nullable(),
  /** Waiting for their first or next attempt. */
  openDeliveries: z.number().int(),
  createdAt: time,
});
export type WebhookEndpointView = z.input<typeof webhookEndpoint>;

const secret = z.object({
  /** `whsec_…`; shown in this answer and never again. */
  secret: z.string(),
});

export const listWebhookEndpoints = endpoint({
  method: 'GET',
  path: '/webhook-endpoints',
  summary: 'Addresses that are told what happens (Standard Webhooks), newest first, without their secrets',
  scope: 'read',
  permission: 'connect',
  showsAddresses: true,
  query: z.strictObject(pageQuery),
  response: page(webhookEndpoint),
});

export const createWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/webhook-endpoints',
  summary: 'Tell an address what happens from now on. Its secret is shown in this answer and never again',
  scope: 'write',
  permission: 'connect',
  showsAddresses: true,
  body: z.strictObject({ url, description: description.default(''), types: types.default([]) }),
  response: webhookEndpoint.extend(secret.shape),
  status: 201,
});

export const getWebhookEndpoint = endpoint({
  method: 'GET',
  path: '/webhook-endpoints/{id}',
  summary: 'One of the addresses that are told what happens',
  scope: 'read',
  permission: 'connect',
  showsAddresses: true,
  params: idParams,
  response: webhookEndpoint,
});

export const updateWebhookEndpoint = endpoint({
  method: 'PUT',
  path: '/webhook-endpoints/{id}',
  summary:
    'Change an endpoint, switch it off or on; what is left out stays. Switched on again it is told what happens from then on',
  scope: 'write',
  permission: 'connect',
  showsAddresses: true,
  params: idParams,
  body: z.strictObject({ url, description, types, isActive: z.boolean() }).partial(),
  response: webhookEndpoint,
});

export const deleteWebhookEndpoint = endpoint({
  method: 'DELETE',
  path: '/webhook-endpoints/{id}',
  summary: 'Delete an endpoint with its deliveries; nothing more is sent there',
  scope: 'write',
  permission: 'connect',
  params: idParams,
});

export const rotateWebhookSecret = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/{id}/rotate-secret',
  summary: 'A new secret, shown this once. The old one signs beside it for a while, a day by default',
  scope: 'write',
  permission: 'connect',
  showsAddresses: true,
  params: idParams,
  body: z.strictObject({ overlapHours: z.number().int().min(0).max(168).default(24) }),
  response: webhookEndpoint.extend(secret.shape),
});

export const testWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/{id}/test',
  summary: `Send a \`${testType}\` to an endpoint`,
  scope: 'write',
  permission: 'connect',
  params: idParams,
  response: z.object({ eventId: id }),
  status: 202,
});

// ---------------------------------------------------------------- deliveries

const deliveryStates = ['open', 'delivered', 'failed', 'cancelled'] as const;

const attempt = z.object({
  at: time,
  /** Of the answer; null: none came. */
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  ms: z.number().int(),
  /** The beginning of what it answered. */
  answer: z.string(),
});
export type WebhookAttempt = z.input<typeof attempt>;

const delivery = z.object({
  /** Of the event; the `webhook-id` of each attempt. */
  id,
  type: z.string(),
  state: z.enum(deliveryStates),
  attempts: z.array(attempt),
  /** When it is tried next; null: no more. */
  nextAt: time.nullable(),
  createdAt: time,
  endedAt: time.nullable(),
});
export type WebhookDeliveryView = z.input<typeof delivery>;

const deliveryParams = z.strictObject({ id, eventId: id });

export const listWebhookDeliveries = endpoint({
  method: 'GET',
  path: '/webhook-endpoints/{id}/deliveries',
  summary: 'What was told to an endpoint in the last 30 days and how it answered, newest first',
  scope: 'read',
  permission: 'connect',
  params: idParams,
  query: z.strictObject({ ...pageQuery, state: z.enum(deliveryStates).optional() }),
  response: page(delivery),
});

export const getWebhookDelivery = endpoint({
  method: 'GET',
  path: '/webhook-endpoints/{id}/deliveries/{eventId}',
  summary: 'One delivery with its body',
  scope: 'read',
  permission: 'connect',
  params: deliveryParams,
  /** Null: what it told of is no longer kept. */
  response: delivery.extend({ body: z.string().nullable() }),
});

export const redeliverWebhook = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/{id}/deliveries/{eventId}/redeliver',
  summary: 'Send it once more, at once, under the same `webhook-id`',
  scope: 'write',
  permission: 'connect',
  params: deliveryParams,
  response: delivery,
});

export const redeliverFailed = endpoint({
  method: 'POST',
  path: '/webhook-endpoints/{id}/redeliver',
  summary: 'Send everything once more that did not arrive, or of that what was told since a time',
  scope: 'write',
  permission: 'connect',
  params: idParams,
  body: z.strictObject({ since: sentTime.optional() }),
  response: z.object({ count: z.number().int() }),
});
