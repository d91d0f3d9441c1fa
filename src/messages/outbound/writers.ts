import { sql } from 'kysely';
import type { Writer } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';

/** Counts a text in the commit of its intent: caps, causes and disclosures are read from here. */
export const addMessages: Writer = async (tx, projectId, rows) => {
  const list = rows.map(({ row, now }) => ({ id: newId(), ...row, sent_at: now }));
  await sql`
    insert into message (project_id, id, fan_id, channel, address, sender, class, run_id, cause_id, parts,
                         has_opt_out_wording, sent_at)
    select ${projectId}, id, "fanId", channel, address, sender, class, "runId", "causeId", parts,
           "hasOptOutWording", sent_at
      from json_to_recordset(${JSON.stringify(list)}::json)
           as m(id uuid, "fanId" uuid, channel text, address text, sender text, class text, "runId" uuid,
                "causeId" uuid, parts integer, "hasOptOutWording" boolean, sent_at timestamptz)`.execute(tx);
};

/** The provider refuses a pair of sender and number (R98). */
export const addBlocks: Writer = async (tx, projectId, rows) => {
  const list = rows.map(({ row, now }) => ({ ...row, at: now }));
  await sql`
    insert into block (project_id, sender, address, at)
    select ${projectId}, sender, address, at
      from json_to_recordset(${JSON.stringify(list)}::json) as b(sender text, address text, at timestamptz)
     order by sender, address
    on conflict do nothing`.execute(tx);
  const fans = new Set(rows.flatMap(({ fanId }) => fanId ?? []));
  await signal(
    tx,
    projectId,
    [...fans].map((fanId) => ({ key: gateKeys.sms(fanId) })),
  );
};
