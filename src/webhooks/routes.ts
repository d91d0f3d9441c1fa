import { route, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import { getDelivery, listDeliveries, redeliver, redeliverMany, sendTest } from './deliveries.ts';
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
  type EndpointDeps,
} from './endpoints.ts';

export type WebhookDeps = EndpointDeps;

export function webhookRoutes(deps: WebhookDeps): Route[] {
  const { db } = deps;
  return [
    route(contract.listWebhookEndpoints, ({ projectId, query }) => listEndpoints(db, projectId, query)),
    route(contract.createWebhookEndpoint, ({ caller, body }) => createEndpoint(deps, caller, body)),
    route(contract.getWebhookEndpoint, ({ projectId, params }) => getEndpoint(db, projectId, params.id)),
    route(contract.updateWebhookEndpoint, ({ caller, params, body }) =>
      updateEndpoint(deps, caller, params.id, body),
    ),
    route(contract.deleteWebhookEndpoint, ({ caller, params }) => deleteEndpoint(db, caller, params.id)),
    route(contract.rotateWebhookSecret, ({ caller, params, body }) =>
      rotateSecret(deps, caller, params.id, body.overlapHours),
    ),
    route(contract.testWebhookEndpoint, async ({ projectId, params }) => ({
      eventId: await sendTest(db, projectId, params.id),
    })),
    route(contract.listWebhookDeliveries, ({ projectId, params, query }) =>
      listDeliveries(db, projectId, params.id, query),
    ),
    route(contract.getWebhookDelivery, ({ projectId, params }) =>
      getDelivery(db, projectId, params.id, params.eventId),
    ),
    route(contract.redeliverWebhook, ({ projectId, params }) =>
      redeliver(db, projectId, params.id, params.eventId),
    ),
    route(contract.redeliverFailed, async ({ projectId, params, body }) => ({
      count: await redeliverMany(db, projectId, params.id, body.since),
    })),
  ];
}
