import { createHash, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { ConnectorError, UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';
import type { Connection, Connections } from './connections.ts';
import type { ConnectionManager, ConnectionView } from './manage-connections.ts';

/** How long somebody may take on the provider's page. */
const lifeMs = 10 * 60_000;

export interface SignInDeps {
  db: Db;
  connections: Pick<Connections, 'findFresh'> & Pick<ConnectionManager, 'updateConnection' | 'getConnection'>;
  publicUrl: () => string;
  wall: WallClock;
}

const signedInPath = '/oauth/account/signed-in';

/** One address for all connections, as it is entered at the provider. */
export function signedInUrl(publicUrl: string): string {
  return publicUrl + signedInPath;
}

/**
 * Where the provider sends whoever signed in: on to the page of the dashboard that hands the code in,
 * since only a person who is signed in here may end what she began. Changes nothing.
 */
export function createSignedInDoor({ db, wall }: Pick<SignInDeps, 'db' | 'wall'>): Hono {
  const app = new Hono();
  app.get(signedInPath, async (c) => {
    const query = new URL(c.req.url).searchParams;
    const { rows } = await sql<{ slug: string }>`
      select p.slug from account_sign_in s join project p on p.id = s.project_id
       where s.hash = ${hashOf(query.get('state') ?? '')} and s.expires_at > ${wall.now()}`.execute(db);
    const slug = rows[0]?.slug;
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-store');
    return c.redirect(slug === undefined ? '/' : `/@${slug}/connect/signed-in?${query.toString()}`, 303);
  });
  return app;
}

/** The address of the provider's page. 422 where the provider has none. */
export async function beginSignIn(deps: SignInDeps, caller: Caller, connectionId: string): Promise<string> {
  const login = loginOf(await deps.connections.findFresh(connectionId));
  const state = randomBytes(32).toString('base64url');
  const now = deps.wall.now();
  await sql`delete from account_sign_in where connection_id = ${connectionId} and expires_at < ${now}`.execute(
    deps.db,
  );
  await sql`
    insert into account_sign_in (hash, project_id, connection_id, actor, expires_at)
    values (${hashOf(state)}, ${caller.projectId}, ${connectionId}, ${caller.actor},
            ${new Date(now.getTime() + lifeMs)})`.execute(deps.db);
  return login.authorizeUrl({ redirectUri: signedInUrl(deps.publicUrl()), state });
}

/**
 * Ends a sign-in with what the provider sent along: once, in time, and by who began it (422 otherwise).
 * Another account than the one that the connection had is refused: its fans are not known to that one.
 */
export async function finishSignIn(
  deps: SignInDeps,
  caller: Caller,
  { state, code }: { state: string; code: string },
): Promise<ConnectionView> {
  const { rows } = await sql<{ connectionId: string }>`
    delete from account_sign_in
     where hash = ${hashOf(state)} and project_id = ${caller.projectId} and actor = ${caller.actor}
       and expires_at > ${deps.wall.now()}
    returning connection_id as "connectionId"`.execute(deps.db);
  const connectionId = rows[0]?.connectionId;
  if (connectionId === undefined) throw refused('This sign-in is over. Begin it again from the connection.');
  const connection = await deps.connections.findFresh(connectionId);
  const login = loginOf(connection);
  const given = await login
    .exchange({ code, redirectUri: signedInUrl(deps.publicUrl()) })
    .catch((error: unknown) => {
      if (error instanceof ConnectorError) throw refused(error.reason);
      throw error;
    });
  const { settings } = await deps.connections.getConnection(caller.accountId, connectionId);
  const before = connection?.social?.account ?? null;
  if (before !== null && given['accountId'] !== before.id) {
    const other = String(given['accountName'] ?? given['accountId']);
    throw refused(
      `You signed in as ${other}, and this connection is ${before.name ?? before.id}. Make a connection of its own for another account.`,
    );
  }
  return deps.connections.updateConnection(caller.accountId, connectionId, {
    settings: { ...settings, ...given },
  });
}

function loginOf(connection: Connection | undefined) {
  if (connection?.login == null) throw refused('Nobody signs in at this provider: enter its settings.');
  return connection.login;
}

function refused(message: string): UserError {
  return new UserError(422, 'invalid', message);
}

function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest();
}
