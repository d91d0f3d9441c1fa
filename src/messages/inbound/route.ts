import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { InboundText } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { AcceptResult, Entry } from '#engine/contract.ts';
import type { FlowIndexes } from '#flows/flow-index.ts';
import { inboundEntry, receivedText } from './inbound-text.ts';
import { readText } from './reading.ts';

export interface RouteDeps {
  db: Db;
  indexes: FlowIndexes;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
}

/**
 * Brings an inbound text to the projects it concerns and answers when all have committed. One
 * project: that one. A number lent to several (R117): a keyword decides; STOP and START concern
 * them all; anything else goes to the project that wrote to the fan last.
 */
export async function acceptText(deps: RouteDeps, connection: Connection, text: InboundText): Promise<void> {
  const handled = text.optOut ?? connection.sms?.handlesItself(text.body) ?? null;
  const entry = inboundEntry(connection.id, text, handled);
  for (const projectId of await projectsFor(deps, connection, entry)) await deps.accept(projectId, entry);
}

async function projectsFor(
  deps: RouteDeps,
  connection: Connection,
  entry: Entry,
): Promise<readonly string[]> {
  const { projectIds } = connection;
  if (projectIds.length <= 1) return projectIds;
  const text = receivedText(entry.payload);
  for (const projectId of projectIds) {
    const reading = readText(text, await deps.indexes.current(projectId));
    if (reading.kind === 'stop' || reading.kind === 'start') return projectIds;
    if (reading.kind === 'keyword') return [projectId];
  }
  return [(await lastWriter(deps.db, projectIds, text.from)) ?? projectIds[0]!];
}

async function lastWriter(db: Db, projectIds: readonly string[], address: string): Promise<string | null> {
  const { rows } = await sql<{ project_id: string }>`
    select project_id from message where project_id = any(${[...projectIds]}) and address = ${address}
     order by sent_at desc limit 1`.execute(db);
  return rows[0]?.project_id ?? null;
}
