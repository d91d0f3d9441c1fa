import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import type { Sealer } from '#lib/seal.ts';

/** What stays of an erased fan's address, sealed (R87): that she agreed, to what version, and when what was sent. */
export interface EvidenceRecord {
  consents: {
    version: string;
    method: string;
    grantedAt: string;
    activeAt: string | null;
    revokedAt: string | null;
    revokedBy: string | null;
  }[];
  sent: {
    at: string;
    class: string;
    flowId: string | null;
    flowVersion: number | null;
    position: number | null;
  }[];
}

/** Opt-outs are kept so long, evidence of an opt-in so long after the last message (R87). */
const optOutYears = 10;
const optInYears = 5;

type Channel = 'sms' | 'email' | 'instagram';

interface AddressRow {
  channel: Channel;
  value: string;
  consents: EvidenceRecord['consents'];
  sent: EvidenceRecord['sent'];
  opted_out_at: Date | null;
  opted_out_word: string | null;
  suppressed_for: string | null;
}

/**
 * Seals what has to outlive a fan, an entry for each of her addresses; one that is there already (she came
 * back in between) is added to. In the transaction that erases her, before anything is taken away.
 */
export async function sealEvidence(
  tx: Tx,
  sealer: Pick<Sealer, 'hash' | 'hashes' | 'seal' | 'unseal'>,
  projectId: string,
  fanId: string,
  now: Date,
): Promise<void> {
  for (const row of await readAddresses(tx, projectId, fanId)) {
    const { channel, value } = row;
    const earlier = await findEvidence(tx, sealer, projectId, channel, value);
    const record: EvidenceRecord = {
      consents: [...(earlier?.record?.consents ?? []), ...row.consents],
      sent: [...(earlier?.record?.sent ?? []), ...row.sent],
    };
    // An earlier hash may be of an earlier key.
    if (earlier !== null) await deleteEvidence(tx, projectId, channel, earlier.hash);
    await sql`
      insert into evidence (project_id, channel, address_hash, sealed, opted_out_at, opted_out_word, suppressed_for,
                            erased_at, sealed_until, keep_until)
      values (${projectId}, ${channel}, ${sealer.hash(hashed(projectId, channel, value))},
              ${sealer.seal(JSON.stringify(record))},
              ${row.opted_out_at ?? earlier?.optedOutAt ?? null}, ${row.opted_out_word ?? earlier?.optedOutWord ?? null},
              ${row.suppressed_for ?? earlier?.suppressedFor ?? null}, ${now},
              ${addYears(lastOf(record, now), optInYears)}, ${addYears(now, optOutYears)})`.execute(tx);
  }
}

/** The addresses of one fan with what is to be proven of each; words and merged values are left out. */
async function readAddresses(tx: Tx, projectId: string, fanId: string): Promise<AddressRow[]> {
  const { rows } = await sql<AddressRow>`
    select a.channel, a.value, o.at as opted_out_at, o.word as opted_out_word, s.reason as suppressed_for,
           coalesce((select json_agg(json_build_object('version', c.text_version, 'method', c.method,
                       'grantedAt', c.granted_at, 'activeAt', c.active_at, 'revokedAt', c.revoked_at,
                       'revokedBy', c.revoked_by) order by c.granted_at)
              from consent c where c.project_id = a.project_id and c.fan_id = a.fan_id and c.channel = a.channel
               and c.address = a.value), '[]') as consents,
           coalesce((select json_agg(json_build_object('at', m.sent_at, 'class', m.class, 'flowId', r.flow_id,
                       'flowVersion', v.version, 'position', i.position) order by m.sent_at)
              from message m
              left join intent i on i.project_id = m.project_id and i.id = m.id
              left join run r on r.project_id = m.project_id and r.id = m.run_id
              left join flow_version v on v.project_id = r.project_id and v.id = r.flow_version_id
             where m.project_id = a.project_id and m.fan_id = a.fan_id and m.channel = a.channel
               and m.address = a.value), '[]') as sent
      from address a
      left join opt_out o on o.project_id = a.project_id and o.channel = a.channel and o.address = a.value
           and o.cleared_at is null
      left join suppression s on s.project_id = a.project_id and a.channel = 'email' and s.address = a.value
     where a.project_id = ${projectId} and a.fan_id = ${fanId} order by a.channel, a.value`.execute(tx);
  return rows;
}

export interface Evidence {
  hash: Buffer;
  channel: Channel;
  erasedAt: Date;
  optedOutAt: Date | null;
  optedOutWord: string | null;
  suppressedFor: string | null;
  /** Null: past its time. */
  record: EvidenceRecord | null;
}

/** What is kept of an address; null: nothing. */
export async function findEvidence(
  db: Db | Tx,
  sealer: Pick<Sealer, 'hashes' | 'unseal'>,
  projectId: string,
  channel: string,
  address: string,
): Promise<Evidence | null> {
  const { rows } = await sql<Omit<Evidence, 'record'> & { sealed: Buffer | null }>`
    select address_hash as hash, channel, erased_at as "erasedAt", opted_out_at as "optedOutAt",
           opted_out_word as "optedOutWord", suppressed_for as "suppressedFor", sealed
      from evidence
     where project_id = ${projectId} and channel = ${channel}
       and address_hash = any(${sealer.hashes(hashed(projectId, channel, address))}::bytea[])
     order by erased_at desc limit 1`.execute(db);
  if (rows[0] === undefined) return null;
  const { sealed, ...found } = rows[0];
  // As: sealed by us, above.
  const record = sealed === null ? null : (JSON.parse(sealer.unseal(sealed)) as EvidenceRecord);
  return { ...found, record };
}

/** Takes away what is past its time (R87). Repeating is harmless. */
export async function pruneEvidence(db: Db): Promise<void> {
  await sql`delete from evidence where keep_until < now()`.execute(db);
  await sql`update evidence set sealed = null where sealed is not null and sealed_until < now()`.execute(db);
}

/** Of a project: the same number in two of them is not known to be the same. */
export function hashed(projectId: string, channel: string, address: string): string {
  return `evidence ${projectId} ${channel} ${address}`;
}

async function deleteEvidence(tx: Tx, projectId: string, channel: string, hash: Buffer): Promise<void> {
  await sql`
    delete from evidence where project_id = ${projectId} and channel = ${channel} and address_hash = ${hash}`.execute(
    tx,
  );
}

function lastOf({ consents, sent }: EvidenceRecord, now: Date): Date {
  const times = [
    ...sent.map(({ at }) => at),
    ...consents.map(({ revokedAt, grantedAt }) => revokedAt ?? grantedAt),
  ];
  return times.length === 0 ? now : new Date(Math.max(...times.map((at) => Date.parse(at))));
}

function addYears(from: Date, years: number): Date {
  const to = new Date(from);
  to.setUTCFullYear(to.getUTCFullYear() + years);
  return to;
}
