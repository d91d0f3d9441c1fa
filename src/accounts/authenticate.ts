import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { permissions, scopes as allScopes, type Scope } from '#lib/endpoint.ts';
import { isId } from '#lib/ids.ts';
import type { Caller } from '#lib/route.ts';
import { hashSecret } from './secrets.ts';

export interface Authenticator {
  /** Null: no such key, or a revoked one. */
  byKey(key: string): Promise<Caller | null>;
  /**
   * Who signed in, working in one project of the account: the one named, or the only one there is.
   * `none`: no valid session; `project`: no project, several and none named, or not the account's.
   */
  bySession(session: string, projectId: string | undefined): Promise<Caller | 'none' | 'project'>;
  /** The account behind a session; null: no valid session. */
  accountOf(session: string): Promise<{ accountId: string; name: string } | null>;
}

const freshMs = 1_000;
const maxCached = 5_000;
const allPermissions = new Set(permissions);

/** Looks callers up by the hash of what they show. A revoked key is refused within a second. */
export function createAuthenticator(db: Db, now: () => Date): Authenticator {
  const cache = new Map<string, { caller: Caller; readAtMs: number }>();
  return {
    async byKey(key) {
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
    },
    async bySession(session, projectId) {
      const account = await findSession(db, hashSecret(session), now());
      if (account === null) return 'none';
      const project = await chooseProject(db, account.accountId, projectId);
      if (project === null) return 'project';
      return {
        projectId: project,
        accountId: account.accountId,
        kind: 'session',
        id: account.accountId,
        actor: `session:${account.accountId}`,
        scopes: new Set(allScopes),
        permissions: allPermissions,
      };
    },
    accountOf: (session) => findSession(db, hashSecret(session), now()),
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

async function findSession(db: Db, hash: Buffer, now: Date) {
  const { rows } = await sql<{ accountId: string; name: string }>`
    select a.id as "accountId", a.name from session s join account a on a.id = s.account_id
     where s.hash = ${hash} and s.expires_at > ${now}`.execute(db);
  return rows[0] ?? null;
}

async function chooseProject(db: Db, accountId: string, wanted: string | undefined): Promise<string | null> {
  if (wanted !== undefined && !isId(wanted)) return null;
  const { rows } = await sql<{ id: string }>`
    select id from project where account_id = ${accountId}
       and (${wanted ?? null}::uuid is null or id = ${wanted ?? null}::uuid) limit 2`.execute(db);
  return rows.length === 1 ? (rows[0]?.id ?? null) : null;
}
