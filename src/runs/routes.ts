import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import type { Sealer } from '#lib/seal.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import type { EngineDoor } from './engine-door.ts';
import { postEvent, type EventDeps } from './post-event.ts';
import { listRunNames } from './queries.ts';
import type { RunFeed } from './run-feed.ts';
import { readRunMessages } from './messages.ts';
import { readStory } from './story.ts';
import { findRuns, viewRun, viewRuns } from './view.ts';

export interface RunDeps extends EventDeps {
  engine: EngineDoor;
  runFeed: RunFeed;
  /** Opens what was sent. */
  sealer: Pick<Sealer, 'unseal'>;
}

export function runRoutes(deps: RunDeps): Route[] {
  const { db } = deps;
  return [
    route(contract.postEvent, ({ caller, body }) => postEvent(deps, caller, body)),
    route(contract.getEvent, ({ projectId, params }) => readEvent(db, projectId, params.id)),
    route(contract.listRuns, async ({ projectId, query: { limit, cursor, ...filter } }) => {
      const { status, reason, since } = filter;
      if ((status ?? reason ?? since) !== undefined) {
        return findRuns(db, projectId, filter, { before: decodeCursor(cursor), limit });
      }
      const rows = await viewRuns(db, projectId, filter, { before: decodeCursor(cursor), limit: limit + 1 });
      return toPage(rows, limit);
    }),
    // Before `/runs/{id}`: “stream” is no id.
    route(contract.streamRuns, ({ projectId, query, signal }) =>
      Promise.resolve(deps.runFeed.follow(projectId, query, signal)),
    ),
    route(contract.getRun, ({ projectId, params }) => viewRun(db, projectId, params.id)),
    route(contract.listRunNames, async ({ projectId, query }) => ({
      items: await listRunNames(db, projectId, query.ids),
    })),
    route(contract.getRunStory, ({ projectId, params }) => readStory(db, projectId, params.id)),
    route(contract.getRunMessages, ({ projectId, params }) => readRunMessages(deps, projectId, params.id)),
    route(contract.cancelRun, async ({ projectId, params, caller }) => {
      await cancelRun(deps, projectId, params.id, caller);
      return viewRun(db, projectId, params.id);
    }),
  ];
}

/** Saves that the run scheduled are the fan's and stay (R11); a run that is over stays as it is. */
async function cancelRun(deps: RunDeps, projectId: string, runId: string, { actor }: Caller): Promise<void> {
  await transaction(deps.db, async (tx) => {
    const { rows } = await sql`select 1 from run where project_id = ${projectId} and id = ${runId}`.execute(
      tx,
    );
    if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such run.');
    const count = await deps.engine.cancelItems(tx, projectId, { runId }, 'cancelled', ['save', 'read-back']);
    if (count > 0)
      await writeAudit(tx, projectId, { actor, action: 'run.cancelled', subject: `run:${runId}` });
  });
}

interface EventRow {
  id: string;
  type: string;
  fanId: string | null;
  source: string;
  subject: Record<string, unknown>;
  occurredAt: Date;
  acceptedAt: Date;
  result: { runs: string[]; ignored: { flowId: string; reason: string }[] };
}

async function readEvent(db: Db, projectId: string, eventId: string) {
  const { rows } = await sql<EventRow>`
    select id, type, fan_id as "fanId", source, subject, occurred_at as "occurredAt",
           accepted_at as "acceptedAt", result
      from event where project_id = ${projectId} and id = ${eventId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such event.');
  const { result, ...event } = row;
  return { ...event, runs: result.runs, ignored: result.ignored };
}
