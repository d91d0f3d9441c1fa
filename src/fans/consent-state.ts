import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';

/** Where one number stands with a project's texts. */
export interface ConsentState {
  fanId: string;
  address: string;
  isHeld: boolean;
  isOptedOut: boolean;
  /** Unrevoked; pending while `activeAt` is null. */
  live: ConsentRecord | null;
  /** The last one, revoked or not: what START restores. */
  last: ConsentRecord | null;
}

export interface ConsentRecord {
  id: string;
  text: string;
  textVersion: string;
  perMonth: number | null;
  activeAt: Date | null;
}

export interface NewConsent extends ConsentRecord {
  fanId: string;
  address: string;
  method: 'keyword' | 'web' | 'restart' | 'claimed';
  source: Record<string, unknown>;
  grantedAt: Date;
}

/** What texts changed about consent, by number; written together. */
export interface ConsentChanges {
  /** Numbers whose unrevoked consent ends, with the word that ended it. */
  revoke: Map<string, string>;
  grant: Map<string, NewConsent>;
  /** Pending consents completed by a yes-word. */
  activate: Set<string>;
  optOut: Map<string, string>;
  clearOptOut: Set<string>;
  hold: Map<string, boolean>;
}

interface StateRow {
  fan_id: string;
  address: string;
  is_held: boolean;
  is_opted_out: boolean;
  consents: [string, string, string, number | null, string | null, string | null][] | null;
}

/** States of the given fans' numbers. `lock` keeps them from changing until the transaction ends. */
export async function readConsentStates(
  tx: Tx,
  projectId: string,
  numbers: ReadonlyMap<string, string>,
  { lock }: { lock: boolean },
): Promise<Map<string, ConsentState>> {
  const fans = [...new Set(numbers.values())].sort();
  if (lock) {
    await sql`
      select id from fan where project_id = ${projectId} and id = any(${fans}) order by id
       for no key update`.execute(tx);
  }
  const { rows } = await sql<StateRow>`
    select a.fan_id, a.value as address, f.is_sms_held as is_held,
           exists (select 1 from opt_out o where o.project_id = a.project_id and o.channel = 'sms'
                      and o.address = a.value and o.cleared_at is null) as is_opted_out,
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

function toState(row: StateRow): ConsentState {
  const records = (row.consents ?? []).map(([id, text, textVersion, perMonth, activeAt, revokedAt]) => ({
    isLive: revokedAt === null,
    record: { id, text, textVersion, perMonth, activeAt: activeAt === null ? null : new Date(activeAt) },
  }));
  return {
    fanId: row.fan_id,
    address: row.address,
    isHeld: row.is_held,
    isOptedOut: row.is_opted_out,
    live: records.find((one) => one.isLive)?.record ?? null,
    last: records[0]?.record ?? null,
  };
}

export function noChanges(): ConsentChanges {
  return {
    revoke: new Map(),
    grant: new Map(),
    activate: new Set(),
    optOut: new Map(),
    clearOptOut: new Set(),
    hold: new Map(),
  };
}

export function hasChanges(changes: ConsentChanges): boolean {
  return Object.values(changes).some((part: { size: number }) => part.size > 0);
}

/**
 * Writes changes in number order. A consent is never altered but for its end (R38): a withdrawal
 * and a new opt-in of one number in one batch are both written, in that order.
 */
export async function writeConsentChanges(tx: Tx, projectId: string, changes: ConsentChanges, now: Date) {
  await revokeConsents(tx, projectId, changes.revoke, now);
  await grantConsents(tx, projectId, [...changes.grant.values()]);
  await activateConsents(tx, projectId, changes.activate, now);
  await writeOptOuts(tx, projectId, changes.optOut, now);
  await clearOptOuts(tx, projectId, changes.clearOptOut, now);
  await writeHolds(tx, projectId, changes.hold);
}

async function revokeConsents(tx: Tx, projectId: string, words: ReadonlyMap<string, string>, now: Date) {
  if (words.size === 0) return;
  const rows = [...words].map(([address, word]) => ({ address, word }));
  await sql`
    update consent c set revoked_at = ${now}, revoked_by = r.word
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(address text, word text)
     where c.project_id = ${projectId} and c.channel = 'sms' and c.address = r.address
       and c.revoked_at is null`.execute(tx);
}

async function grantConsents(tx: Tx, projectId: string, consents: readonly NewConsent[]) {
  if (consents.length === 0) return;
  const rows = consents
    .map((one) => ({
      id: one.id,
      fan_id: one.fanId,
      address: one.address,
      text: one.text,
      text_version: one.textVersion,
      method: one.method,
      source: one.source,
      per_month: one.perMonth,
      granted_at: one.grantedAt,
      active_at: one.activeAt,
    }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  await sql`
    insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, per_month,
                         granted_at, active_at)
    select ${projectId}, id, fan_id, 'sms', address, text, text_version, method, source, per_month,
           granted_at, active_at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as c(id uuid, fan_id uuid, address text, text text, text_version text, method text, source jsonb,
                per_month integer, granted_at timestamptz, active_at timestamptz)
    on conflict do nothing`.execute(tx);
}

async function activateConsents(tx: Tx, projectId: string, addresses: ReadonlySet<string>, now: Date) {
  if (addresses.size === 0) return;
  await sql`
    update consent set active_at = ${now}
     where project_id = ${projectId} and channel = 'sms' and address = any(${[...addresses]})
       and revoked_at is null and active_at is null`.execute(tx);
}

async function writeOptOuts(tx: Tx, projectId: string, words: ReadonlyMap<string, string>, now: Date) {
  if (words.size === 0) return;
  const rows = [...words]
    .map(([address, word]) => ({ address, word }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  await sql`
    insert into opt_out (project_id, channel, address, word, at)
    select ${projectId}, 'sms', address, word, ${now}
      from json_to_recordset(${JSON.stringify(rows)}::json) as o(address text, word text)
    on conflict (project_id, channel, address) do update
      set word = excluded.word, at = excluded.at, cleared_at = null`.execute(tx);
}

async function clearOptOuts(tx: Tx, projectId: string, addresses: ReadonlySet<string>, now: Date) {
  if (addresses.size === 0) return;
  await sql`
    update opt_out set cleared_at = ${now}
     where project_id = ${projectId} and channel = 'sms' and address = any(${[...addresses]})
       and cleared_at is null`.execute(tx);
}

async function writeHolds(tx: Tx, projectId: string, holds: ReadonlyMap<string, boolean>) {
  for (const held of [true, false]) {
    const fans = [...holds].flatMap(([fanId, isHeld]) => (isHeld === held ? [fanId] : []));
    if (fans.length === 0) continue;
    await sql`
      update fan set is_sms_held = ${held} where project_id = ${projectId} and id = any(${fans})`.execute(tx);
  }
}

/** A consent with a new id; the caller decides when it becomes active. */
export function newConsent(input: Omit<NewConsent, 'id'>): NewConsent {
  return { id: newId(), ...input };
}
