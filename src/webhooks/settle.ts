import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { Told } from './deliver.ts';

const minute = 60;
const hour = 60 * minute;

/** Seconds from each attempt to the next: three days in all. */
export const retrySeconds: readonly number[] = [
  5,
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  20 * hour,
];

/** Attempts that are kept with a delivery. */
const historyKept = 40;

/** Failures in a row after which an endpoint is left alone: ten seconds, then twice as long each time. */
const patience = 5;
const restSeconds = 10;
const longestRestSeconds = 10 * minute;

/**
 * Records what attempts came to. A result that comes after its delivery was taken again changes nothing:
 * the attempt it belongs to is over. An endpoint that answers 410 wants nothing any more; one that could
 * not be reached for as long as a delivery was tried is switched off too, and both say so.
 */
export async function settle(
  db: Db,
  told: readonly Told[],
  random: () => number = Math.random,
): Promise<void> {
  for (const one of told) {
    await transaction(db, async (tx) => {
      if (!(await settleDelivery(tx, one, random))) return;
      await settleEndpoint(tx, one);
    });
  }
}

async function settleDelivery(tx: Tx, told: Told, random: () => number): Promise<boolean> {
  const { taken, attempt, verdict } = told;
  const delay = verdict === 'again' ? delayOf(told, random) : null;
  const state = verdict === 'delivered' ? 'delivered' : delay === null ? 'failed' : 'open';
  const { numAffectedRows } = await sql`
    update webhook_delivery
       set state = ${state},
           due_at = now() + make_interval(secs => ${delay ?? 0}),
           ended_at = case when ${state} = 'open' then null else now() end,
           history = case when jsonb_array_length(history) >= ${historyKept} then history - 0 else history end
                     || ${JSON.stringify([attempt])}::jsonb
     where project_id = ${taken.project_id} and endpoint_id = ${taken.endpoint_id}
       and event_id = ${taken.event_id} and state = 'open' and attempt = ${taken.attempt}`.execute(tx);
  return numAffectedRows === 1n;
}

/** Seconds until the next attempt, a tenth more or less so that not all come back together; null: that was the last. */
function delayOf({ taken, retryAfterSeconds }: Told, random: () => number): number | null {
  const base = retrySeconds[taken.attempt - 1];
  if (base === undefined) return null;
  return Math.max(base * (0.9 + 0.2 * random()), retryAfterSeconds ?? 0);
}

async function settleEndpoint(tx: Tx, { taken, verdict }: Told): Promise<void> {
  const { project_id: projectId, endpoint_id: id } = taken;
  if (verdict === 'pointless') return;
  if (verdict === 'delivered') {
    await sql`
      update webhook_endpoint set failures = 0, resting_until = null, last_success_at = now()
       where project_id = ${projectId} and id = ${id}`.execute(tx);
    return;
  }
  const isLast = retrySeconds[taken.attempt - 1] === undefined;
  const { rows } = await sql<{ disabled_at: Date | null }>`
    update webhook_endpoint
       set failures = failures + 1, last_failure_at = now(),
           resting_until = case when failures + 1 >= ${patience}
             then now() + make_interval(secs => least(${longestRestSeconds},
                    ${restSeconds} * power(2, least(failures + 1 - ${patience}, 20)))) end,
           disabled_at = case when ${verdict} = 'gone' or (${isLast} and failing) then now() else disabled_at end,
           disabled_for = case when ${verdict} = 'gone' then 'gone'
                               when ${isLast} and failing then 'failing' else disabled_for end
      from (select coalesce(last_success_at < ${taken.created_at}, true) as failing
              from webhook_endpoint where project_id = ${projectId} and id = ${id}) was
     where project_id = ${projectId} and id = ${id} and disabled_at is null
    returning disabled_at`.execute(tx);
  if (rows[0]?.disabled_at != null) await cancelOpen(tx, projectId, id);
}

/** Nothing more is sent to an endpoint that is switched off. */
export async function cancelOpen(tx: Tx, projectId: string, endpointId: string): Promise<void> {
  await sql`
    update webhook_delivery set state = 'cancelled', ended_at = now()
     where project_id = ${projectId} and endpoint_id = ${endpointId} and state = 'open'`.execute(tx);
}
