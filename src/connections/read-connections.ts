import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Connection } from './connections.ts';

/** A row as stored; `settings` is sealed. */
export interface ConnectionRow {
  id: string;
  accountId: string;
  connector: string;
  label: string;
  isLive: boolean;
  settings: Buffer;
  state: Connection['state'];
  lastSuccessAt: Date | null;
  lastWebhookAt: Date | null;
  lastError: string | null;
  createdAt: Date;
  /** Oldest loan first. */
  projectIds: string[];
}

const columns = sql`
  c.id, c.account_id as "accountId", c.connector, c.label, c.is_live as "isLive", c.settings, c.state,
  c.last_success_at as "lastSuccessAt", c.last_webhook_at as "lastWebhookAt", c.last_error as "lastError", c.created_at as "createdAt",
  coalesce((select array_agg(l.project_id order by l.created_at, l.project_id) from loan l
             where l.connection_id = c.id), '{}') as "projectIds"`;

/** Every connection of the installation, oldest first: a directory table, small by nature. */
export async function readAllConnections(db: Db): Promise<ConnectionRow[]> {
  const { rows } = await sql<ConnectionRow>`
    select ${columns} from connection c order by c.created_at, c.id`.execute(db);
  return rows;
}

export async function findConnectionRow(
  db: Db,
  accountId: string,
  connectionId: string,
): Promise<ConnectionRow | undefined> {
  const { rows } = await sql<ConnectionRow>`
    select ${columns} from connection c where c.id = ${connectionId} and c.account_id = ${accountId}`.execute(
    db,
  );
  return rows[0];
}

/** Of an account, or only those lent to one of its projects; newest first. */
export async function listConnectionRows(
  db: Db,
  accountId: string,
  projectId: string | null,
): Promise<ConnectionRow[]> {
  const { rows } = await sql<ConnectionRow>`
    select ${columns} from connection c
     where c.account_id = ${accountId}
       and (${projectId}::uuid is null or exists (
         select 1 from loan l where l.connection_id = c.id and l.project_id = ${projectId}))
     order by c.id desc`.execute(db);
  return rows;
}
