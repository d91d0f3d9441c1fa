import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { Channel } from './facts.ts';

/**
 * The fans behind addresses of one channel, making those that are new. Addresses must be in their
 * stored form already (E.164, lower-case e-mail): two spellings of one would be two fans (R51).
 * Safe under concurrency: of two transactions that meet a new address one makes the fan.
 */
export async function resolveFans(
  tx: Tx,
  projectId: string,
  channel: Channel,
  values: readonly string[],
  now: Date,
  /** Where a new fan is, by address, as far as the provider says. */
  zips: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, string>> {
  const wanted = [...new Set(values)].sort();
  const found = await findFans(tx, projectId, channel, wanted);
  const missing = wanted.filter((value) => !found.has(value));
  if (missing.length === 0) return found;
  const rows = missing.map((value) => ({ value, fan_id: newId() }));
  const taken = await sql<{ value: string; fan_id: string }>`
    insert into address (project_id, channel, value, fan_id, created_at)
    select ${projectId}, ${channel}, value, fan_id, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as a(value text, fan_id uuid)
    on conflict do nothing returning value, fan_id`.execute(tx);
  const made = new Map(taken.rows.map((row) => [row.value, row.fan_id]));
  const fans = [...made].map(([value, id]) => ({ id, zip: zips.get(value) ?? null }));
  await insertFans(tx, projectId, fans, now);
  const raced = missing.filter((value) => !made.has(value));
  const others = await findFans(tx, projectId, channel, raced);
  return new Map([...found, ...made, ...others]);
}

/** Fans by address, unknown ones absent. */
export async function findFans(
  tx: Tx,
  projectId: string,
  channel: Channel,
  values: readonly string[],
): Promise<Map<string, string>> {
  if (values.length === 0) return new Map();
  const { rows } = await sql<{ value: string; fan_id: string }>`
    select value, fan_id from address
     where project_id = ${projectId} and channel = ${channel} and value = any(${[...values]})`.execute(tx);
  return new Map(rows.map((row) => [row.value, row.fan_id]));
}

async function insertFans(
  tx: Tx,
  projectId: string,
  fans: readonly { id: string; zip: string | null }[],
  now: Date,
) {
  if (fans.length === 0) return;
  await sql`
    insert into fan (project_id, id, zip, created_at)
    select ${projectId}, id, zip, ${now}
      from json_to_recordset(${JSON.stringify(fans)}::json) as f(id uuid, zip text)`.execute(tx);
}
