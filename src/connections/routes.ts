import { writeAudit } from '#accounts/audit.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { connectors } from '#connectors/index.ts';
import type { Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { ConnectorError, UserError } from '#lib/errors.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import { beginSignIn, finishSignIn } from './account-sign-in.ts';
import type { Connections } from './connections.ts';
import * as contract from './contract.ts';
import { readLoad } from './load.ts';
import { listLoans } from './loans.ts';
import type { ConnectionManager, ConnectionView } from './manage-connections.ts';
import { testConnection } from './test-connection.ts';

export interface ConnectionDeps {
  db: Db;
  connections: ConnectionManager & Pick<Connections, 'findFresh' | 'noteSuccess' | 'noteError'>;
  wall: WallClock;
  clock: DomainClock;
  publicUrl: () => string;
}

export function connectionRoutes(deps: ConnectionDeps): Route[] {
  const { connections } = deps;
  const show = (view: ConnectionView) => ({ ...view, webhookUrl: webhookUrl(view, deps.publicUrl()) });
  return [
    route(contract.listConnections, async ({ caller, projectId, query: { limit, cursor } }) => {
      const before = decodeCursor(cursor);
      const all = await connections.listConnections(caller.accountId, projectId);
      const rest = before === null ? all : all.filter((one) => one.id < before);
      const { items, nextCursor } = toPage(rest, limit);
      return { items: items.map(show), nextCursor };
    }),
    route(contract.createConnection, async ({ caller, projectId, body }) => {
      const { accountId } = caller;
      const isLive = await isProjectLive(deps.db, projectId);
      const made = await connections.createConnection({ ...body, accountId, isLive });
      const lent = await connections.lendConnection(accountId, made.id, projectId);
      await audit(deps.db, caller, 'connection.created', made.id);
      return show(lent);
    }),
    route(contract.getConnection, async ({ caller, params }) => show(await getLent(deps, caller, params.id))),
    route(contract.updateConnection, async ({ caller, params, body }) => {
      await getLent(deps, caller, params.id);
      const changed = await connections.updateConnection(caller.accountId, params.id, body);
      await audit(deps.db, caller, 'connection.edited', params.id);
      return show(changed);
    }),
    route(contract.listPosts, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      return { items: await readPosts(deps, params.id) };
    }),
    route(contract.beginAccountSignIn, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      return { url: await beginSignIn(deps, caller, params.id) };
    }),
    route(contract.finishAccountSignIn, async ({ caller, body }) => {
      const signedIn = await finishSignIn(deps, caller, body);
      await audit(deps.db, caller, 'connection.signed_in', signedIn.id);
      return show(signedIn);
    }),
    route(contract.getConnectionLoad, async ({ caller, projectId, params }) => {
      await getLent(deps, caller, params.id);
      return readLoad(deps, params.id, deps.clock.now(projectId));
    }),
    route(contract.testConnection, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      return testConnection(deps, params.id);
    }),
    ...loanRoutes(deps),
    route(contract.disableConnection, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      const changed = await connections.disableConnection(caller.accountId, params.id);
      await audit(deps.db, caller, 'connection.disabled', params.id);
      return show(changed);
    }),
    route(contract.enableConnection, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      const changed = await connections.enableConnection(caller.accountId, params.id);
      await audit(deps.db, caller, 'connection.enabled', params.id);
      return show(changed);
    }),
  ];
}

/** R117: who may connect lends what this project has to others of the account. */
function loanRoutes(deps: ConnectionDeps): Route[] {
  const { db, connections } = deps;
  const show = async ({ accountId }: Caller, id: string) => ({ items: await listLoans(db, accountId, id) });
  return [
    route(contract.listLoans, async ({ caller, params }) => {
      await getLent(deps, caller, params.id);
      return show(caller, params.id);
    }),
    route(contract.lendConnection, async ({ caller, params: { id, projectId } }) => {
      await getLent(deps, caller, id);
      await connections.lendConnection(caller.accountId, id, projectId);
      await audit(db, caller, 'connection.lent', id);
      return show(caller, id);
    }),
    route(contract.takeBackConnection, async ({ caller, params: { id, projectId } }) => {
      await getLent(deps, caller, id);
      if (projectId === caller.projectId)
        throw new UserError(
          422,
          'invalid',
          'In this project switch it off, or take it back from another one.',
        );
      await connections.takeBackConnection(caller.accountId, id, projectId);
      await audit(db, caller, 'connection.taken_back', id);
      return show(caller, id);
    }),
  ];
}

/** What is not lent to the caller's project does not exist for it (R88). */
async function getLent({ connections }: ConnectionDeps, caller: Caller, id: string): Promise<ConnectionView> {
  const view = await connections.getConnection(caller.accountId, id);
  if (view.projectIds.includes(caller.projectId)) return view;
  throw new UserError(404, 'not_found', 'There is no such connection.');
}

/** 422 with the provider's sentence where it does not show them. */
async function readPosts({ connections }: ConnectionDeps, id: string) {
  const social = (await connections.findFresh(id))?.social ?? null;
  if (social === null) throw new UserError(422, 'invalid', 'Nothing is posted over this connection.');
  return social.listPosts().catch((error: unknown) => {
    if (error instanceof ConnectorError) throw new UserError(422, 'invalid', error.reason);
    throw error;
  });
}

async function isProjectLive(db: Db, projectId: string): Promise<boolean> {
  const { is_live: isLive } = await db
    .selectFrom('project')
    .select('is_live')
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow();
  return isLive;
}

function webhookUrl({ connector, id }: ConnectionView, publicUrl: string): string | null {
  const found: ConnectorDefinition | undefined = connectors.find((one) => one.id === connector);
  // What speaks no HTTP calls nobody.
  const isCalled = found !== undefined && found.kind !== 'streaming' && found.protocol === undefined;
  return !isCalled ? null : `${publicUrl}/webhooks/${connector}/${id}`;
}

/** Settings hold secrets: the log says that they changed, not to what. */
async function audit(db: Db, { projectId, actor }: Caller, action: string, id: string): Promise<void> {
  await writeAudit(db, projectId, { actor, action, subject: `connection:${id}` });
}
