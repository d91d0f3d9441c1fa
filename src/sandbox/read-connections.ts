import { sql } from 'kysely';
import { connectors, type ConnectorId } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';

export interface Loans {
  accountId: string;
  projectIds: string[];
  /** As stored. */
  settings: Buffer;
}

/** Projects that a test connection was lent to; null: there is no such test connection. */
export async function readLoans(db: Db, connector: string, connectionId: string): Promise<Loans | null> {
  const { rows } = await sql<Loans>`
    select account_id as "accountId", settings,
           array(select project_id from loan l where l.connection_id = c.id) as "projectIds"
      from connection c
     where id = ${connectionId} and connector = ${connector} and not is_live`.execute(db);
  return rows[0] ?? null;
}

/** Those that a project was lent, oldest first. */
export async function readTestConnections(db: Db, projectId: string) {
  const { rows } = await sql<{ id: string; connector: string }>`
    select c.id, c.connector from loan l join connection c on c.id = l.connection_id
     where l.project_id = ${projectId} and not c.is_live order by c.created_at, c.id`.execute(db);
  return rows.flatMap(({ id, connector }) => (isConnectorId(connector) ? [{ id, connector }] : []));
}

/** The test connection whose fake a mail is for, among those that speak no HTTP. */
export async function readBehindDoor(db: Db, connectionId: string | null) {
  const behind = connectors.flatMap((one) => (definitionOf(one.id)?.protocol === undefined ? [] : [one.id]));
  const { rows } = await sql<{ id: string; connector: string }>`
    select id, connector from connection
     where not is_live and state <> 'disabled' and connector = any(${behind})
       and (${connectionId}::uuid is null or id = ${connectionId})
     order by created_at, id limit 1`.execute(db);
  const [row] = rows;
  return row !== undefined && isConnectorId(row.connector)
    ? { id: row.id, connector: row.connector }
    : undefined;
}

export function definitionOf(connector: string): ConnectorDefinition | undefined {
  return connectors.find(({ id }) => id === connector);
}

export function isConnectorId(id: string | undefined): id is ConnectorId {
  return connectors.some((one) => one.id === id);
}
