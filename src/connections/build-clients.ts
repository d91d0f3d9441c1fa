import type { ClientOptions, ConnectorServer, Meter } from '#connectors/connector.ts';
import type { Http } from '#lib/http.ts';
import type { Connection } from './connections.ts';

export type ConnectorServers = Readonly<Record<string, ConnectorServer>>;

export interface ClientSources {
  servers: ConnectorServers;
  http: Http;
  /** Base URL in place of the provider's own; a test connection without one gets no clients (R104). */
  baseUrls: (connector: string, isLive: boolean, connectionId: string) => string | undefined;
  /** Counts a connection's daily allowances; absent: nobody counts. */
  meterOf?: (connectionId: string) => Meter;
}

export type Clients = Pick<
  Connection,
  'sms' | 'email' | 'social' | 'streaming' | 'lookup' | 'webhook' | 'login' | 'renewal'
>;

export const noClients: Clients = {
  sms: null,
  email: null,
  social: null,
  streaming: null,
  lookup: null,
  webhook: null,
  login: null,
  renewal: null,
};

/**
 * The clients of one connection. A test connection never gets a client that would reach the real
 * provider, whatever its settings say. Throws when the settings do not fit the connector.
 */
export function buildClients(
  { servers, http, baseUrls, meterOf }: ClientSources,
  connection: { id: string; connector: string; isLive: boolean; settings: Record<string, unknown> },
  now: () => Date,
): Clients {
  const server = servers[connection.connector];
  if (server === undefined) return noClients;
  const baseUrl = baseUrls(connection.connector, connection.isLive, connection.id);
  if (!connection.isLive && baseUrl === undefined) return noClients;
  const options: ClientOptions = {
    settings: connection.settings,
    http,
    now,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(meterOf === undefined ? {} : { meter: meterOf(connection.id) }),
  };
  return {
    sms: server.sms?.(options) ?? null,
    email: server.email?.(options) ?? null,
    social: server.social?.(options) ?? null,
    streaming: server.streaming?.(options) ?? null,
    lookup: server.lookup?.(options) ?? null,
    webhook: server.webhook?.(options) ?? null,
    login: server.login?.(options) ?? null,
    renewal: server.renewal?.(options) ?? null,
  };
}
