import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import type { ConnectorServer, GoLiveTask } from '#connectors/connector.ts';
import type { Connections } from '#connections/connections.ts';
import type { ConnectionManager, ConnectionView } from '#connections/manage-connections.ts';
import { transaction, type Db } from '#db/database.ts';
import { referencesOf } from '#flows/definition.ts';
import { loadFlowContext } from '#flows/problems/context.ts';
import { nameOf } from '#flows/problems/references.ts';
import { listFlowRows, type FlowRow } from '#flows/queries.ts';
import type { WallClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import { channelKinds, channelsOf, type ChannelKind } from './channels.ts';
import * as contract from './contract.ts';
import { writeCopy, type CopySource } from './copies.ts';
import { makeLiveProject } from './make-project.ts';
import { enterOptInWords } from './opt-in-words.ts';
import { readTasks, setTask } from './tasks.ts';

export interface GoLiveDeps {
  db: Db;
  wall: WallClock;
  publicUrl: () => string;
  connections: Pick<ConnectionManager, 'listConnections'> & Pick<Connections, 'findFresh'>;
  /** In the order in which they are offered. */
  connectors: readonly ConnectorServer[];
}

/** Enough to say what a project does. */
const maxFlows = 100;

export function goLiveRoutes(deps: GoLiveDeps): Route[] {
  const { db, wall } = deps;
  return [
    route(contract.getGoLive, ({ caller }) => readGoLive(deps, caller)),
    route(contract.setGoLiveTask, async ({ caller, params, body }) => {
      const { connector, task } = params;
      const known = deps.connectors.find(({ definition }) => definition.id === connector)?.goLive;
      if (!known?.some(({ id }) => id === task))
        throw new UserError(404, 'not_found', 'There is no such step.');
      await transaction(db, async (tx) => {
        const { actor, projectId } = caller;
        await setTask(tx, projectId, { connector, task, ...body, by: actor, now: wall.now() });
        const action = body.isDone ? 'go_live.done' : 'go_live.undone';
        await writeAudit(tx, projectId, { actor, action, subject: `${connector}:${task}` });
      });
      return undefined;
    }),
    route(contract.enterOptInWords, async ({ caller, params }) => ({
      words: await enterOptInWords(deps, caller, params.id),
    })),
    route(contract.makeLiveProject, async ({ caller }) => {
      const { projectId } = await makeLiveProject(db, caller, wall.now());
      return readProject(db, projectId);
    }),
  ];
}

async function readGoLive(deps: GoLiveDeps, { projectId, accountId }: Caller) {
  const { db, connectors } = deps;
  const [project, flows, connections, done, callsToAction] = await Promise.all([
    readProject(db, projectId),
    listFlowRows(db, projectId, { before: null, limit: maxFlows }),
    deps.connections.listConnections(accountId, projectId),
    readTasks(db, projectId),
    readCallsToAction(db, projectId),
  ]);
  const context = await loadFlowContext(db, projectId, flows.flatMap(referencesOf));
  const publicUrl = deps.publicUrl();
  const source: CopySource = {
    publicUrl,
    project,
    flows,
    callsToAction,
    name: (kind, id) => nameOf(context, { kind, id } as never), // as: of the very references that were loaded
  };
  const show = (task: GoLiveTask, connector: string) => ({
    ...task,
    url: task.url ?? null,
    copies: (task.copies ?? []).map((id) => ({ id, value: writeCopy(id, connector, source) })),
    doneAt: done.get(`${connector}/${task.id}`)?.toISOString() ?? null,
  });
  const usable = connections.filter(({ state }) => state !== 'disabled');
  const channels = neededChannels(flows).map(({ kind, flows: needing }) => {
    const ofKind = connectors.filter(({ definition }) => definition.kind === kind);
    const used = ofKind.filter(({ definition }) => usable.some((one) => one.connector === definition.id));
    return {
      kind,
      flows: needing.map(({ id, name }) => ({ id, name })),
      isReady: usable.some(
        ({ connector, state }) =>
          state === 'ready' && ofKind.some(({ definition }) => definition.id === connector),
      ),
      connectors: (used.length > 0 ? used : ofKind).map(({ definition: { id, label }, goLive }) => ({
        connector: id,
        label,
        connection: shown(usable.find((one) => one.connector === id)),
        tasks: goLive.map((task) => show(task, id)),
      })),
    };
  });
  const liveProject = project.liveProjectId === null ? null : await readProject(db, project.liveProjectId);
  return { isLive: project.isLive, liveProject, basics: basicsOf(project, publicUrl), channels };
}

function neededChannels(flows: readonly FlowRow[]): { kind: ChannelKind; flows: FlowRow[] }[] {
  const needs = flows.map((flow) => ({ flow, kinds: channelsOf(flow) }));
  return channelKinds.flatMap((kind) => {
    const needing = needs.flatMap(({ flow, kinds }) => (kinds.has(kind) ? [flow] : []));
    return needing.length === 0 ? [] : [{ kind, flows: needing }];
  });
}

function shown(connection: ConnectionView | undefined) {
  if (connection === undefined) return null;
  const { id, label, state, lastSuccessAt } = connection;
  return { id, label, state, lastSuccessAt };
}

function basicsOf(project: Awaited<ReturnType<typeof readProject>>, publicUrl: string) {
  const { legalSender, contact, postalAddress } = project;
  const { protocol, hostname } = new URL(publicUrl);
  const isPublic = protocol === 'https:' && !/^(localhost|127\.|\[?::1)/.test(hostname);
  return [
    { id: 'public-url' as const, isDone: isPublic, value: publicUrl },
    { id: 'legal-sender' as const, isDone: legalSender !== '', value: legalSender },
    { id: 'contact' as const, isDone: contact !== '', value: contact },
    { id: 'postal-address' as const, isDone: postalAddress !== '', value: postalAddress },
  ];
}

async function readProject(db: Db, projectId: string) {
  return db
    .selectFrom('project')
    .select([
      'id',
      'name',
      'slug',
      'is_live as isLive',
      'programme',
      'contact',
      'live_project_id as liveProjectId',
    ])
    .select(['legal_sender as legalSender', 'postal_address as postalAddress', 'monthly_cap as monthlyCap'])
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow();
}

async function readCallsToAction(db: Db, projectId: string): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`
    select distinct on (flow_id) text from call_to_action
     where project_id = ${projectId} order by flow_id, published_at desc`.execute(db);
  return rows.map(({ text }) => text);
}
