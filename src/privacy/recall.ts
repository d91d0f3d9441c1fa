import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Entry } from '#engine/contract.ts';
import type { Sealer } from '#lib/seal.ts';
import { hashed } from './evidence.ts';

/** An address that an event brings, and whether the event claims a consent for it (R96). */
export interface BroughtAddress {
  channel: 'sms' | 'email' | 'instagram';
  value: string;
}

interface Admitted {
  entry: Entry;
  eventId: string;
}

/**
 * What an erased fan had said about being left alone counts again when her address comes back (R42, R87):
 * an opt-out or a dead address is in force before the event is admitted, and nobody but herself can claim a
 * consent for her. Costs one small question in a project that never erased anybody.
 */
export function createRecall(
  sealer: Pick<Sealer, 'hashes'>,
  read: {
    addressesIn: (entry: Entry) => { addresses: BroughtAddress[]; isClaim: boolean };
    withoutClaim: (entry: Entry) => Entry;
  },
) {
  return async (tx: Tx, projectId: string, entries: readonly Admitted[]): Promise<readonly Admitted[]> => {
    if (!(await hasEvidence(tx, projectId))) return entries;
    const brought = entries.map(({ entry }) => read.addressesIn(entry));
    const known = await restore(
      tx,
      sealer,
      projectId,
      brought.flatMap(({ addresses }) => addresses),
    );
    if (known.size === 0) return entries;
    return entries.map((one, at) => {
      const mine = brought[at];
      if (mine === undefined || !mine.isClaim) return one;
      if (!mine.addresses.some(({ channel, value }) => known.has(`${channel} ${value}`))) return one;
      return { ...one, entry: read.withoutClaim(one.entry) };
    });
  };
}

async function hasEvidence(tx: Tx, projectId: string): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from evidence where project_id = ${projectId}) as any`.execute(tx);
  return rows[0]?.any ?? false;
}

/** The addresses of these that belong to somebody who was erased, her opt-outs in force. */
async function restore(
  tx: Tx,
  sealer: Pick<Sealer, 'hashes'>,
  projectId: string,
  addresses: readonly BroughtAddress[],
): Promise<Set<string>> {
  const byKey = new Map(addresses.map((one) => [`${one.channel} ${one.value}`, one]));
  const rows = [...byKey.values()].flatMap(({ channel, value }) =>
    sealer
      .hashes(hashed(projectId, channel, value))
      .map((hash) => ({ channel, value, hash: hash.toString('hex') })),
  );
  if (rows.length === 0) return new Set();
  const { rows: found } = await sql<BroughtAddress>`
    with mine as (
      select g.channel, g.value, e.opted_out_at, e.opted_out_word, e.suppressed_for, e.erased_at
        from json_to_recordset(${JSON.stringify(rows)}::json) as g(channel text, value text, hash text)
        join evidence e on e.project_id = ${projectId} and e.channel = g.channel
             and e.address_hash = decode(g.hash, 'hex')),
    opted as (
      insert into opt_out (project_id, channel, address, word, at)
      select ${projectId}, channel, value, opted_out_word, opted_out_at from mine
       where opted_out_at is not null order by channel, value
      on conflict do nothing),
    dead as (
      insert into suppression (project_id, address, reason, at)
      select ${projectId}, value, suppressed_for, erased_at from mine
       where channel = 'email' and suppressed_for is not null order by value
      on conflict do nothing)
    select distinct channel, value from mine`.execute(tx);
  return new Set(found.map(({ channel, value }) => `${channel} ${value}`));
}
