import { sql } from 'kysely';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition, ServiceItem } from '#connectors/connector.ts';
import { sqlState, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';

const definitions: readonly ConnectorDefinition[] = connectors;

/** A work on one service: a pasted link, or the service's own id. */
export type ServiceInput = { url: string } | { service: string; serviceId: string };

export interface ServiceLink {
  service: string;
  serviceId: string;
  url: string | null;
}

/** What a pasted link names, whichever service's it is, tracking parameters ignored (R21); null: nothing known. */
export function parseServiceLink(text: string): { service: string; item: ServiceItem } | null {
  for (const { id, links } of definitions) {
    const item = links?.parse(text) ?? null;
    if (item !== null) return { service: id, item };
  }
  return null;
}

/** 422 naming the entry that is not of this kind, is unknown, or repeats a service. */
export function readServices(inputs: readonly ServiceInput[], kind: ServiceItem['kind']): ServiceLink[] {
  const services = inputs.map((input, at) => readService(input, kind, `services.${at}`));
  const seen = new Set<string>();
  for (const [at, { service }] of services.entries()) {
    if (seen.has(service)) throw invalid(`services.${at}`, 'repeated', 'One link a service.');
    seen.add(service);
  }
  return services;
}

function readService(input: ServiceInput, kind: ServiceItem['kind'], path: string): ServiceLink {
  if (!('url' in input)) {
    const definition = definitions.find(({ id }) => id === input.service);
    if (definition === undefined) throw invalid(`${path}.service`, 'unknown', 'There is no such service.');
    const url = definition.links?.url({ kind, id: input.serviceId }) ?? null;
    return { service: input.service, serviceId: input.serviceId, url };
  }
  const found = parseServiceLink(input.url);
  if (found === null) {
    throw invalid(`${path}.url`, 'unknown_link', 'This link names nothing on a service known here.');
  }
  if (found.item.kind !== kind) {
    const message = `This link names ${article(found.item.kind)}, not ${article(kind)}.`;
    throw invalid(`${path}.url`, 'wrong_kind', message);
  }
  const definition = definitions.find(({ id }) => id === found.service);
  return {
    service: found.service,
    serviceId: found.item.id,
    url: definition?.links?.url(found.item) ?? null,
  };
}

/**
 * Replaces the ids of an artist or release. 422 with rule R21 where another one of the project has
 * one of them already: two entities for one work would get round every rule that counts works.
 */
export async function writeServices(
  tx: Tx,
  table: 'artist' | 'release',
  projectId: string,
  id: string,
  services: readonly ServiceLink[],
): Promise<void> {
  const target = sql.table(`${table}_service`);
  const owner = sql.ref(`${table}_id`);
  await sql`delete from ${target} where project_id = ${projectId} and ${owner} = ${id}`.execute(tx);
  const rows = [...services].sort((a, b) => (a.service < b.service ? -1 : 1));
  try {
    await sql`
      insert into ${target} (project_id, ${owner}, service, service_id, url)
      select ${projectId}, ${id}, service, "serviceId", url
        from json_to_recordset(${JSON.stringify(rows)}::json) as s(service text, "serviceId" text, url text)
       order by service`.execute(tx);
  } catch (error) {
    if (sqlState(error) !== '23505') throw error;
    const message = `This ${table} is here already under another name.`;
    throw new UserError(422, 'invalid', message, {
      errors: [{ path: 'services', code: 'taken', message }],
      rule: 'R21',
    });
  }
}

/** For a select of `table` under an alias: its ids on all services, as JSON, by service. */
export function servicesOf(table: 'artist' | 'release', alias: string) {
  const owned = sql`s.project_id = ${sql.ref(`${alias}.project_id`)}
    and ${sql.ref(`s.${table}_id`)} = ${sql.ref(`${alias}.id`)}`;
  return sql`
    coalesce((select json_agg(json_build_object('service', s.service, 'serviceId', s.service_id, 'url', s.url)
                      order by s.service)
                from ${sql.table(`${table}_service`)} s where ${owned}), '[]')`;
}

/** The id behind an id on a service; null in SQL when there is none. */
export function ownerOf(table: 'artist' | 'release', projectId: string, service: string, serviceId: string) {
  return sql`(select ${sql.ref(`${table}_id`)} from ${sql.table(`${table}_service`)}
    where project_id = ${projectId} and service = ${service} and service_id = ${serviceId})`;
}

export function invalid(path: string, code: string, message: string, rule?: string): UserError {
  return new UserError(422, 'invalid', message, {
    errors: [{ path, code, message }],
    ...(rule === undefined ? {} : { rule }),
  });
}

function article(kind: string): string {
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
