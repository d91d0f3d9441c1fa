import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { permissions, scopes as allScopes, type Scope } from '#lib/endpoint.ts';
import type { Caller } from '#lib/route.ts';
import { hashSecret } from './secrets.ts';

const freshMs = 1_000;
const maxCached = 5_000;
const allPermissions = new Set(permissions);

/**
 * Finds the caller behind an API key by its hash; null: no such key, or a revoked one. A revoked key
 * is refused within a second.
 */
export function createKeyReader(db: Db): (key: string) => Promise<Caller | null> {
  const cache = new Map<string, { caller: Caller; readAtMs: number }>();
  return async (key) => {
    const hash = hashSecret(key);
    const name = hash.toString('base64');
    const known = cache.get(name);
    if (known !== undefined && performance.now() - known.readAtMs < freshMs) return known.caller;
    cache.delete(name);
    const readAtMs = performance.now();
    const caller = await findKey(db, hash);
    if (caller === null) return null;
    // All entries are as good as new: dropping them costs one query each.
    if (cache.size >= maxCached) cache.clear();
    cache.set(name, { caller, readAtMs });
    return caller;
  };
}

async function findKey(db: Db, hash: Buffer): Promise<Caller | null> {
  const { rows } = await sql<{ id: string; project_id: string; account_id: string; scopes: string[] }>`
    select k.id, k.project_id, p.account_id, k.scopes from api_key k join project p on p.id = k.project_id
     where k.hash = ${hash} and k.revoked_at is null`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    projectId: row.project_id,
    accountId: row.account_id,
    kind: 'key',
    id: row.id,
    actor: `key:${row.id}`,
    scopes: new Set(row.scopes.filter(isScope)),
    permissions: allPermissions,
  };
}

function isScope(text: string): text is Scope {
  return allScopes.some((scope) => scope === text);
}
