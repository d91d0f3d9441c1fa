import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { testType, type WebhookDeliveryView } from './contract.ts';
import { getEndpoint } from './endpoints.ts';
import { writePayload } from './payload.ts';

/** How long it can be seen what was told. */
export const keptDays = 30;

const view = sql`
  d.event_id as id, d.type, d.state, d.history as attempts, d.created_at as "createdAt", d.ended_at as "endedAt",
  case when d.state = 'open' then greatest(d.due_at, w.resting_until) end as "nextAt"`;

const source = sql`
  webhook_delivery d join webhook_endpoint w on w.project_id = d.project_id and w.id = d.endpoint_id`;

export async function listDeliveries(
  db: Db,
  projectId: string,
  endpointId: string,
  query: { limit: number; cursor?: string | undefined; state?: WebhookDeliveryView['state'] | undefined },
): Promise<{ items: WebhookDeliveryView[]; nextCursor: string | null }> {
  await getEndpoint(db, projectId, endpointId);
  const before = decodeCursor(query.cursor);
  const { state = null } = query;
  const { rows } = await sql<WebhookDeliveryView>`
    select ${view} from ${source}
     where d.project_id = ${projectId} and d.endpoint_id = ${endpointId}
       and (${before}::uuid is null or d.event_id < ${before}) and (${state}::text is null or d.state = ${state})
     order by d.event_id desc limit ${query.limit + 1}`.execute(db);
  return toPage(rows, query.limit);
}

/** With the body as it would leave now. 404 for one of another project (R88). */
export async function getDelivery(db: Db, projectId: string, endpointId: string, eventId: string) {
  const found = await findDelivery(db, projectId, endpointId, eventId);
  const { type } = found;
  const createdAt = new Date(found.createdAt);
  return { ...found, body: await writePayload(db, projectId, { eventId, type, createdAt }) };
}

async function findDelivery(
  db: Db,
  projectId: string,
  endpointId: string,
  eventId: string,
): Promise<WebhookDeliveryView> {
  const { rows } = await sql<WebhookDeliveryView>`
    select ${view} from ${source}
     where d.project_id = ${projectId} and d.endpoint_id = ${endpointId} and d.event_id = ${eventId}`.execute(
    db,
  );
  if (rows[0] === undefined) throw new UserError(404, 'not_found', 'There is no such delivery.');
  return rows[0];
}

/** Once more at once, with all its attempts before it. One that is still open only comes sooner. */
export async function redeliver(
  db: Db,
  projectId: string,
  endpointId: string,
  eventId: string,
): Promise<WebhookDeliveryView> {
  await refuseDisabled(db, projectId, endpointId);
  await findDelivery(db, projectId, endpointId, eventId);
  await wake(db, projectId, endpointId, sql`event_id = ${eventId}`);
  return findDelivery(db, projectId, endpointId, eventId);
}

/** All that failed or was cancelled; how many. */
export async function redeliverMany(
  db: Db,
  projectId: string,
  endpointId: string,
  since: string | undefined,
): Promise<number> {
  await refuseDisabled(db, projectId, endpointId);
  return wake(
    db,
    projectId,
    endpointId,
    sql`state in ('failed', 'cancelled') and (${since ?? null}::timestamptz is null or created_at >= ${since ?? null})`,
  );
}

/** One that is in hand at the moment (its attempt is counted, its time a minute ahead) stays as it is. */
async function wake(
  db: Db,
  projectId: string,
  endpointId: string,
  which: ReturnType<typeof sql>,
): Promise<number> {
  return transaction(db, async (tx) => {
    const { numAffectedRows } = await sql`
      update webhook_delivery
         set state = 'open', attempt = case when state = 'open' then attempt else 0 end, due_at = now(), ended_at = null
       where project_id = ${projectId} and endpoint_id = ${endpointId} and ${which}
         and (state <> 'open' or jsonb_array_length(history) >= attempt)`.execute(tx);
    await sql`
      update webhook_endpoint set resting_until = null
       where project_id = ${projectId} and id = ${endpointId}`.execute(tx);
    return Number(numAffectedRows ?? 0);
  });
}

/** Something to see at the other end. Not of any fan. */
export async function sendTest(db: Db, projectId: string, endpointId: string): Promise<string> {
  await refuseDisabled(db, projectId, endpointId);
  const eventId = newId();
  await db
    .insertInto('webhook_delivery')
    .values({
      project_id: projectId,
      endpoint_id: endpointId,
      event_id: eventId,
      type: testType,
      history: '[]',
    })
    .execute();
  await sql`
    update webhook_endpoint set resting_until = null where project_id = ${projectId} and id = ${endpointId}`.execute(
    db,
  );
  return eventId;
}

async function refuseDisabled(db: Db, projectId: string, endpointId: string): Promise<void> {
  const { state } = await getEndpoint(db, projectId, endpointId);
  if (state === 'active') return;
  throw new UserError(422, 'invalid', 'This endpoint is switched off. Switch it on first.');
}

/** Takes away what is past its time; small bites, so that no lock is held for long. */
export async function pruneDeliveries(db: Db): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await sql`
      delete from webhook_delivery where ctid = any(array(
        select ctid from webhook_delivery
         where state <> 'open' and created_at < now() - make_interval(days => ${keptDays}) limit 5000))`.execute(
      db,
    );
    if ((numAffectedRows ?? 0n) === 0n) return;
  }
}
