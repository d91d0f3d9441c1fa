import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { isId } from '#lib/ids.ts';
import type { Caller } from '#lib/route.ts';
import { createKeyReader } from '#accounts/read-key.ts';
import { permissionsOf, scopesOf, type Role } from '#accounts/roles.ts';
import type { Auth } from './better-auth.ts';
import { findSession } from './sessions.ts';

export interface Authenticator {
  /** Null: no such key, or a revoked one. */
  byKey(key: string): Promise<Caller | null>;
  /**
   * Who signed in, working in one project of her accounts: the one named, or the only one there is;
   * where `isAnyGood`, the oldest of several. `none`: no valid session; `project`: no project, several
   * and none named, or one of an account that she does not belong to.
   */
  bySession(
    headers: Headers,
    projectId: string | undefined,
    isAnyGood?: boolean,
  ): Promise<{ caller: Caller; cookies: readonly string[] } | 'none' | 'project'>;
  /** The name of an account of who signed in; null: nobody did. */
  accountOf(headers: Headers): Promise<{ name: string } | null>;
}

/** Who calls: by the key or the session that a request shows. */
export function createAuthenticator(db: Db, auth: Auth): Authenticator {
  return {
    byKey: createKeyReader(db),
    async bySession(headers, projectId, isAnyGood = false) {
      const session = await findSession(auth, headers);
      if (session === null) return 'none';
      const places = await findPlaces(db, session.userId, projectId);
      const [place] = places;
      if (place === undefined || (places.length > 1 && !isAnyGood)) return 'project';
      return { caller: callerOf(session.userId, place), cookies: session.cookies };
    },
    async accountOf(headers) {
      const session = await findSession(auth, headers);
      if (session === null) return null;
      const { rows } = await sql<{ name: string }>`
        select a.name from member m join account a on a.id = m.account_id
         where m.user_id = ${session.userId} order by m.created_at limit 1`.execute(db);
      return rows[0] ?? null;
    },
  };
}

interface Place {
  projectId: string;
  accountId: string;
  role: Role;
}

function callerOf(userId: string, { projectId, accountId, role }: Place): Caller {
  return {
    projectId,
    accountId,
    kind: 'session',
    id: userId,
    actor: `person:${userId}`,
    scopes: scopesOf(role),
    permissions: permissionsOf[role],
  };
}

/** Two of the projects that a person may work in, oldest first; or the one named. */
async function findPlaces(db: Db, userId: string, wanted: string | undefined): Promise<Place[]> {
  if (wanted !== undefined && !isId(wanted)) return [];
  const { rows } = await sql<Place>`
    select p.id as "projectId", p.account_id as "accountId", m.role
      from member m join project p on p.account_id = m.account_id
     where m.user_id = ${userId} and (${wanted ?? null}::uuid is null or p.id = ${wanted ?? null}::uuid)
     order by p.created_at, p.id limit 2`.execute(db);
  return rows;
}
