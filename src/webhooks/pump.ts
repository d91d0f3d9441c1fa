import { sql } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';
import { collectDeliveries, hasEndpoints } from './collect.ts';
import { takeDue, tell, type DeliverDeps } from './deliver.ts';
import { settle } from './settle.ts';

export interface WebhookPump {
  /** Ends after the calls under way. */
  stop(): Promise<void>;
}

/** Deliveries of one endpoint under way at once, in one process; one while it keeps failing. */
const sideBySide = 8;
/** Endpoints that are served at once. */
const maxEndpoints = 32;

/**
 * Tells endpoints what happened: reads events into deliveries and makes the attempts that are due. Runs in
 * every worker; the database divides the work. Each endpoint is served by itself, so that one that hangs
 * keeps nobody waiting. Order is not promised.
 */
export function startWebhookPump(deps: DeliverDeps & { log: Log; everyMs?: number }): WebhookPump {
  const { log, everyMs = 1_000 } = deps;
  const stopping = new AbortController();
  const serving = new Map<string, Promise<void>>();
  const turn = async () => {
    for (const { project_id: projectId, id } of await pump(deps.db, serving.size)) {
      if (serving.has(id)) continue;
      const work = serve(deps, projectId, id, stopping.signal)
        .catch((error: unknown) =>
          log.warn({ err: error, endpointId: id }, 'webhooks of an endpoint had trouble'),
        )
        .finally(() => serving.delete(id));
      serving.set(id, work);
    }
  };
  const loop = async () => {
    while (!stopping.signal.aborted) {
      await turn().catch((error: unknown) => log.warn({ err: error }, 'webhooks had trouble'));
      await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const looping = loop();
  return {
    async stop() {
      stopping.abort();
      await looping;
      await Promise.all(serving.values());
    },
  };
}

interface DueEndpoint {
  project_id: string;
  id: string;
}

/** Reads what happened, and says which endpoints have something due. One small question while there are none. */
async function pump(db: Db, busy: number): Promise<DueEndpoint[]> {
  if (!(await hasEndpoints(db))) return [];
  await collectDeliveries(db);
  const { rows } = await sql<DueEndpoint>`
    select w.project_id, w.id from webhook_endpoint w
     where w.disabled_at is null and (w.resting_until is null or w.resting_until <= now())
       and exists (select from webhook_delivery d
                    where d.endpoint_id = w.id and d.state = 'open' and d.due_at <= now())
     order by w.last_success_at desc nulls first
     limit ${Math.max(maxEndpoints - busy, 0)}`.execute(db);
  return rows;
}

/** Until nothing of this endpoint is due, or it wants rest. */
async function serve(deps: DeliverDeps, projectId: string, id: string, signal: AbortSignal): Promise<void> {
  let atOnce = sideBySide;
  while (!signal.aborted) {
    const taken = await takeDue(deps.db, projectId, id, atOnce);
    if (taken.length === 0) return;
    const told = await Promise.all(taken.map((one) => tell(deps, one)));
    await settle(deps.db, told);
    // One that fails is asked carefully, and by the next turn at the earliest.
    if (told.every(({ verdict }) => verdict !== 'delivered')) return;
    atOnce = told.every(({ verdict }) => verdict === 'delivered') ? sideBySide : 1;
  }
}

/** One round of everything, for whoever cannot wait for a turn: tests, and a clock that was moved. */
export async function pumpOnce(deps: DeliverDeps): Promise<number> {
  let count = 0;
  for (const { project_id: projectId, id } of await pump(deps.db, 0)) {
    const taken = await takeDue(deps.db, projectId, id, sideBySide);
    await settle(deps.db, await Promise.all(taken.map((one) => tell(deps, one))));
    count += taken.length;
  }
  return count;
}
