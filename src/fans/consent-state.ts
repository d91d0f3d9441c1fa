import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { ConsentChanges } from './consent-changes.ts';

/** Where one number stands with a project's texts. */
export interface ConsentState {
  fanId: string;
  address: string;
  isHeld: boolean;
  /** Where the number is registered, as its provider said last (R46). */
  zip: string | null;
  /** Null: has not opted out. */
  optedOutAt: Date | null;
  /** Unrevoked; pending while `activeAt` is null. */
  live: ConsentRecord | null;
  /** The last one that was ever active, revoked or not: what START restores. */
  last: ConsentRecord | null;
}

export interface ConsentRecord {
  id: string;
  text: string;
  textVersion: string;
  perMonth: number | null;
  activeAt: Date | null;
}

interface StateRow {
  fan_id: string;
  address: string;
  is_held: boolean;
  zip: string | null;
  opted_out_at: Date | null;
  consents: [string, string, string, number | null, string | null, string | null][] | null;
}

/**
 * States of the given fans' numbers (number → fan). `lock` keeps them from changing until the
 * transaction ends; a fan who is gone is absent from the answer.
 */
export async function readConsentStates(
  tx: Tx,
  projectId: string,
  numbers: ReadonlyMap<string, string>,
  { lock }: { lock: boolean },
): Promise<Map<string, ConsentState>> {
  if (lock) await lockFans(tx, projectId, [...numbers.values()]);
  const { rows } = await sql<StateRow>`
    select a.fan_id, a.value as address, f.is_sms_held as is_held, f.zip,
           (select o.at from opt_out o where o.project_id = a.project_id and o.channel = 'sms'
               and o.address = a.value and o.cleared_at is null) as opted_out_at,
           (select json_agg(json_build_array(c.id, c.text, c.text_version, c.per_month, c.active_at, c.revoked_at)
                            order by c.granted_at desc, c.id desc)
              from consent c where c.project_id = a.project_id and c.fan_id = a.fan_id
               and c.channel = 'sms' and c.address = a.value) as consents
      from address a join fan f on f.project_id = a.project_id and f.id = a.fan_id
     where a.project_id = ${projectId} and a.channel = 'sms' and a.value = any(${[...numbers.keys()]})`.execute(
    tx,
  );
  return new Map(rows.map((row) => [row.address, toState(row)]));
}

/** R46: where numbers are registered now; by fan. */
export async function writeZips(tx: Tx, projectId: string, zips: ReadonlyMap<string, string>): Promise<void> {
  if (zips.size === 0) return;
  const rows = [...zips].map(([id, zip]) => ({ id, zip })).sort((a, b) => (a.id < b.id ? -1 : 1));
  await sql`
    update fan f set zip = z.zip
      from json_to_recordset(${JSON.stringify(rows)}::json) as z(id uuid, zip text)
     where f.project_id = ${projectId} and f.id = z.id`.execute(tx);
}

/** Fans in id order: two transactions that meet the same fans wait for each other and no more. */
export async function lockFans(tx: Tx, projectId: string, fanIds: readonly string[]): Promise<void> {
  await sql`
    select id from fan where project_id = ${projectId} and id = any(${[...new Set(fanIds)]}) order by id
     for no key update`.execute(tx);
}

function toState(row: StateRow): ConsentState {
  const records = (row.consents ?? []).map(([id, text, textVersion, perMonth, activeAt, revokedAt]) => ({
    isLive: revokedAt === null,
    record: { id, text, textVersion, perMonth, activeAt: activeAt === null ? null : new Date(activeAt) },
  }));
  return {
    fanId: row.fan_id,
    address: row.address,
    isHeld: row.is_held,
    zip: row.zip,
    optedOutAt: row.opted_out_at,
    live: records.find((one) => one.isLive)?.record ?? null,
    last: records.find((one) => one.record.activeAt !== null)?.record ?? null,
  };
}

/**
 * Writes what was noted, in number order. A consent is never altered but for its end (R38): one that
 * was given and withdrawn in the same batch is kept with both moments.
 */
export async function writeConsentChanges(tx: Tx, projectId: string, changes: ConsentChanges): Promise<void> {
  await activateConsents(tx, projectId, changes);
  await endConsents(tx, projectId, changes);
  await insertConsents(tx, projectId, changes);
  await writeOptOuts(tx, projectId, changes);
  await clearOptOuts(tx, projectId, changes);
  await writeHolds(tx, projectId, changes.hold);
}

async function endConsents(tx: Tx, projectId: string, { ended }: ConsentChanges) {
  if (ended.size === 0) return;
  const rows = [...ended].map(([id, { word, at }]) => ({ id, word, at }));
  await sql`
    update consent c set revoked_at = e.at, revoked_by = e.word
      from json_to_recordset(${JSON.stringify(rows)}::json) as e(id uuid, word text, at timestamptz)
     where c.project_id = ${projectId} and c.id = e.id and c.revoked_at is null`.execute(tx);
}

async function insertConsents(tx: Tx, projectId: string, { given }: ConsentChanges) {
  if (given.length === 0) return;
  // Of one number the earlier first: at most its last is unrevoked.
  const rows = given.toSorted((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
  await sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, per_month,
                         granted_at, active_at, revoked_at, revoked_by)
    select ${projectId}, id, "fanId", 'sms', address, text, "textVersion", method, source, "perMonth",
           "grantedAt", "activeAt", "revokedAt", "revokedBy"
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as c(id uuid, "fanId" uuid, address text, text text, "textVersion" text, method text, source jsonb,
                "perMonth" integer, "grantedAt" timestamptz, "activeAt" timestamptz, "revokedAt" timestamptz,
                "revokedBy" text)`.execute(tx);
}

async function activateConsents(tx: Tx, projectId: string, { activated }: ConsentChanges) {
  if (activated.size === 0) return;
  const rows = [...activated].map(([id, at]) => ({ id, at }));
  await sql`
    update consent c set active_at = a.at
      from json_to_recordset(${JSON.stringify(rows)}::json) as a(id uuid, at timestamptz)
     where c.project_id = ${projectId} and c.id = a.id and c.revoked_at is null and c.active_at is null`.execute(
    tx,
  );
}

async function writeOptOuts(tx: Tx, projectId: string, { optedOut }: ConsentChanges) {
  if (optedOut.size === 0) return;
  const rows = [...optedOut]
    .map(([address, { word, at }]) => ({ address, word, at }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  await sql`
    insert into opt_out (project_id, channel, address, word, at)
    select ${projectId}, 'sms', address, word, at
      from json_to_recordset(${JSON.stringify(rows)}::json) as o(address text, word text, at timestamptz)
    on conflict (project_id, channel, address) do update
      -- A late, older STOP does not move a newer one back.
      set word = excluded.word, cleared_at = null,
          at = case when opt_out.cleared_at is null then greatest(opt_out.at, excluded.at) else excluded.at end`.execute(
    tx,
  );
}

async function clearOptOuts(tx: Tx, projectId: string, { cleared }: ConsentChanges) {
  if (cleared.size === 0) return;
  const rows = [...cleared].map(([address, at]) => ({ address, at }));
  await sql`
    update opt_out o set cleared_at = c.at
      from json_to_recordset(${JSON.stringify(rows)}::json) as c(address text, at timestamptz)
     where o.project_id = ${projectId} and o.channel = 'sms' and o.address = c.address
       and o.cleared_at is null`.execute(tx);
}

async function writeHolds(tx: Tx, projectId: string, holds: ReadonlyMap<string, boolean>) {
  for (const held of [true, false]) {
    const fans = [...holds].flatMap(([fanId, isHeld]) => (isHeld === held ? [fanId] : []));
    if (fans.length === 0) continue;
    await sql`
      update fan set is_sms_held = ${held} where project_id = ${projectId} and id = any(${fans})`.execute(tx);
  }
}
