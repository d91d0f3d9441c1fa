import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { isId } from '#lib/ids.ts';

export interface AuditFilter {
  limit: number;
  cursor?: string | undefined;
  actor?: string | undefined;
  subject?: string | undefined;
  action?: string | undefined;
}

interface Row {
  id: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  before: unknown;
  after: unknown;
}

/** What was done in a project and in its account as a whole, newest first. */
export async function listAudit(
  db: Db,
  { projectId, accountId }: { projectId: string; accountId: string },
  filter: AuditFilter,
) {
  const before = decodeCursor(filter.cursor);
  const { actor = null, subject = null, action = null, limit } = filter;
  const part = (owner: string) => sql`
    (select id, at, actor, action, subject, before, after from audit_entry
      where project_id = ${owner}
        and (${before}::uuid is null or id < ${before}::uuid)
        and (${actor}::text is null or actor = ${actor})
        and (${subject}::text is null or subject = ${subject})
        and (${action}::text is null or action = ${action} or starts_with(action, ${action} || '.'))
      order by id desc limit ${limit + 1})`;
  const { rows } = await sql<Row>`
    ${part(projectId)} union all ${part(accountId)} order by id desc limit ${limit + 1}`.execute(db);
  const { items, nextCursor } = toPage(rows, limit);
  const names = await readNames(db, items);
  return { items: items.map((row) => ({ ...row, actor: actorOf(row.actor, names) })), nextCursor };
}

function actorOf(text: string, names: ReadonlyMap<string, string>) {
  const [kind = '', id = ''] = text.split(':');
  if (kind !== 'person' && kind !== 'key') return { kind: 'system' as const, id: text, name: null };
  return { kind, id, name: names.get(text) ?? null } as const;
}

/** What the people and keys among the actors are called today. */
async function readNames(db: Db, rows: readonly Row[]): Promise<Map<string, string>> {
  const ids = (kind: string) =>
    rows
      .map(({ actor }) => actor.split(':'))
      .filter(([of, id]) => of === kind && id !== undefined && isId(id))
      .map(([, id]) => id);
  const { rows: found } = await sql<{ actor: string; name: string }>`
    select 'person:' || id as actor, name from auth."user" where id = any(${ids('person')}::uuid[])
    union all
    select 'key:' || id, name from api_key where id = any(${ids('key')}::uuid[])`.execute(db);
  return new Map(found.map(({ actor, name }) => [actor, name]));
}
