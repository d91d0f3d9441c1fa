import { sql } from 'kysely';
import type { WebhookItem } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';

export type Delivery = Extract<WebhookItem, { kind: 'delivery' }>;

/** Where a status stands in a message's life; a later callback never goes back (they overtake). */
const rank = { queued: 0, sent: 1, undelivered: 2, failed: 2, delivered: 3 } as const;

/**
 * Keeps what the provider says became of a message, on its intent and on the outcome that people
 * see. `intentId` comes from the callback's address: it proves the send even when the answer to it
 * was lost. Out of order, repeated or unknown: no harm.
 */
export async function recordDelivery(
  db: Db,
  delivery: Delivery,
  to: { projectId: string; intentId: string },
): Promise<void> {
  const { projectId, intentId } = to;
  const value = JSON.stringify({
    status: delivery.status,
    at: delivery.at.toISOString(),
    reason: delivery.reason,
    rank: rank[delivery.status],
  });
  await transaction(db, async (tx) => {
    const { rows } = await sql<{
      run_id: string | null;
      position: number;
      service: string;
      fan_id: string | null;
    }>`
      update intent
         set provider_id = coalesce(provider_id, ${delivery.providerId}), delivery = ${value}::jsonb
       where project_id = ${projectId} and id = ${intentId}
         and (provider_id is null or provider_id = ${delivery.providerId})
         and coalesce((delivery->>'rank')::int, -1) < ${rank[delivery.status]}
      returning run_id, position, service, fan_id`.execute(tx);
    const intent = rows[0];
    if (intent === undefined) return;
    if (intent.run_id !== null) {
      await sql`
        update outcome set delivery = ${value}::jsonb - 'rank', updated_at = now()
         where project_id = ${projectId} and run_id = ${intent.run_id} and position = ${intent.position}
           and service = ${intent.service}`.execute(tx);
    }
    if (delivery.isOptOut && intent.fan_id !== null) await noteOptOut(tx, projectId, intentId, intent.fan_id);
  });
}

/** The provider knows an opt-out that we did not: it counts from now on (R42, R98). */
async function noteOptOut(tx: Tx, projectId: string, intentId: string, fanId: string) {
  const { rows } = await sql<{ address: string; sender: string }>`
    select m.address, m.sender from message m
      join intent i on i.project_id = m.project_id and i.fan_id = m.fan_id and i.sent_at = m.sent_at
     where i.project_id = ${projectId} and i.id = ${intentId} limit 1`.execute(tx);
  const pair = rows[0];
  if (pair === undefined) return;
  await sql`
    insert into block (project_id, sender, address, at)
    values (${projectId}, ${pair.sender}, ${pair.address}, now()) on conflict do nothing`.execute(tx);
  await signal(tx, projectId, [{ key: gateKeys.sms(fanId) }]);
}
