import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { EchoedDirectMessage } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import { silenceMs } from './admit-messages.ts';
import type { DmPayload } from './dm-call.ts';

export interface EchoDeps {
  db: Db;
  sealer: Sealer;
  clocks: DomainClock;
}

/** An echo comes within seconds; an older message of ours has its id by now. */
const lookBackMs = 3_600_000;

/**
 * What the account itself sent: one of ours, which it proves where the answer of the call was lost, or one
 * that a person wrote in the app, who is talking with the fan from now on (R116). A repeat changes nothing
 * but the moment until which nothing automatic is sent.
 */
export async function recordEcho(
  deps: EchoDeps,
  { id: connectionId, projectIds }: Connection,
  echo: EchoedDirectMessage,
): Promise<void> {
  for (const projectId of projectIds) {
    await transaction(deps.db, async (tx) => {
      const fanId = await findFan(tx, projectId, echo.recipientId);
      if (fanId === null || (await isOurs(deps, tx, { projectId, fanId }, echo))) return;
      await silence(tx, { projectId, connectionId, fanId }, echo, deps.clocks.now(projectId));
    });
  }
}

async function findFan(tx: Tx, projectId: string, address: string): Promise<string | null> {
  const { rows } = await sql<{ fan_id: string }>`
    select fan_id from address
     where project_id = ${projectId} and channel = 'instagram' and value = ${address}`.execute(tx);
  return rows[0]?.fan_id ?? null;
}

interface Sent {
  id: string;
  provider_id: string | null;
  payload: Buffer;
}

/** By its id; or, while that is not known yet, by its words: the call is still under way, or its answer was lost. */
async function isOurs(
  { sealer }: EchoDeps,
  tx: Tx,
  { projectId, fanId }: { projectId: string; fanId: string },
  { providerId, text, at }: EchoedDirectMessage,
): Promise<boolean> {
  const { rows } = await sql<Sent>`
    select i.id, i.provider_id, i.payload from message m
      join intent i on i.project_id = m.project_id and i.id = m.id and i.state <> 'refused'
     where m.project_id = ${projectId} and m.fan_id = ${fanId} and m.channel = 'instagram'
       and m.sent_at > ${new Date(at.getTime() - lookBackMs)}
     order by m.sent_at desc limit 50`.execute(tx);
  if (rows.some((row) => row.provider_id === providerId)) return true;
  const meant = rows.findLast((row) => row.provider_id === null && textOf(sealer, row.payload) === text);
  if (meant === undefined) return false;
  await sql`
    update intent set provider_id = ${providerId}
     where project_id = ${projectId} and id = ${meant.id} and provider_id is null`.execute(tx);
  return true;
}

function textOf(sealer: Sealer, payload: Buffer): string {
  // As: our own, sealed when the intent was written.
  return (JSON.parse(sealer.unseal(payload)) as DmPayload).body;
}

async function silence(
  tx: Tx,
  { projectId, connectionId, fanId }: { projectId: string; connectionId: string; fanId: string },
  { recipientId, at }: EchoedDirectMessage,
  now: Date,
): Promise<void> {
  await sql`
    update instagram_conversation
       set person_at = greatest(person_at, ${at}), silenced_until = greatest(silenced_until, ${new Date(now.getTime() + silenceMs)})
     where project_id = ${projectId} and connection_id = ${connectionId} and address = ${recipientId}`.execute(
    tx,
  );
  await signal(tx, projectId, [{ key: gateKeys.instagram(fanId) }]);
}
