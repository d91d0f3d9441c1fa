import { transaction, type Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { scopes as allScopes, type Scope } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import { createApiKey } from './create.ts';

export interface KeyView {
  id: string;
  name: string;
  scopes: Scope[];
  createdAt: Date;
  revokedAt: Date | null;
}

/** Keys of a project, newest first, revoked ones too: the log speaks of them. */
export async function listKeys(
  db: Db,
  projectId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: KeyView[]; nextCursor: string | null }> {
  const before = decodeCursor(page.cursor);
  const rows = await db
    .selectFrom('api_key')
    .select(['id', 'name', 'scopes', 'created_at as createdAt', 'revoked_at as revokedAt'])
    .where('project_id', '=', projectId)
    .$if(before !== null, (query) => query.where('id', '<', before))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  const views = rows.map((row) => ({
    ...row,
    scopes: allScopes.filter((scope) => row.scopes.includes(scope)),
  }));
  return toPage(views, page.limit);
}

/** A new key, in the one answer that shows it. */
export async function addKey(
  db: Db,
  { projectId, actor }: Caller,
  input: { name: string; scopes: readonly Scope[] },
): Promise<KeyView & { key: string }> {
  return transaction(db, async (tx) => {
    const { keyId, key } = await createApiKey(tx, { projectId, ...input });
    const entry = { actor, action: 'key.created', subject: `key:${keyId}` };
    await writeAudit(tx, projectId, { ...entry, after: input });
    const { created_at: createdAt } = await tx
      .selectFrom('api_key')
      .select('created_at')
      .where('id', '=', keyId)
      .executeTakeFirstOrThrow();
    return { id: keyId, name: input.name, scopes: [...input.scopes], createdAt, revokedAt: null, key };
  });
}

/** Ends a key; repeating changes nothing. 404 for one of another project (R88). */
export async function endKey(db: Db, { projectId, actor }: Caller, keyId: string, now: Date): Promise<void> {
  await transaction(db, async (tx) => {
    const row = await tx
      .selectFrom('api_key')
      .select(['name', 'revoked_at'])
      .where('project_id', '=', projectId)
      .where('id', '=', keyId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new UserError(404, 'not_found', 'There is no such key.');
    if (row.revoked_at !== null) return;
    await tx.updateTable('api_key').set({ revoked_at: now }).where('id', '=', keyId).execute();
    const entry = { actor, action: 'key.revoked', subject: `key:${keyId}` };
    await writeAudit(tx, projectId, { ...entry, before: { name: row.name } });
  });
}
