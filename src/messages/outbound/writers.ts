import { sql } from 'kysely';
import type { Writer } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';
import { signal } from '#engine/gates.ts';
import { sendOnly } from '#db/database.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import { addBlocks } from '../inbound/write-decisions.ts';

/**
 * Counts a text in the commit of its intent, under the intent's id: caps, causes and disclosures are
 * read from here, and what was refused in the end counts no more.
 */
export const addMessages: Writer = async (tx, projectId, rows) => {
  const list = rows.map(({ row, intentId, now }) => ({ id: intentId, ...row, sent_at: now }));
  const counting = sql`
    insert into message (project_id, id, fan_id, channel, address, sender, class, run_id, cause_id, parts,
                         has_opt_out_wording, again_flow_id, sent_at)
    select ${projectId}, id, "fanId", channel, address, sender, class, "runId", "causeId", parts,
           "hasOptOutWording", "againFlowId", sent_at
      from json_to_recordset(${JSON.stringify(list)}::json)
           as m(id uuid, "fanId" uuid, channel text, address text, sender text, class text, "runId" uuid,
                "causeId" uuid, parts integer, "hasOptOutWording" boolean, "againFlowId" uuid,
                sent_at timestamptz)`;
  await sendOnly(tx, counting.execute(tx));
};

/** The provider refuses a pair of sender and number (R98). */
export const blockPairs: Writer = async (tx, projectId, rows) => {
  const [first] = rows;
  if (first === undefined) return;
  const pairs = rows.map(({ row }) => ({ sender: textAt(row, 'sender'), address: textAt(row, 'address') }));
  await addBlocks(tx, projectId, pairs, first.now);
  const fans = new Set(rows.flatMap(({ fanId }) => fanId ?? []));
  await signal(
    tx,
    projectId,
    [...fans].map((fanId) => ({ key: gateKeys.sms(fanId) })),
  );
};

/** A text of a fan that a person should see, because its flow could not answer it. */
export const addToInbox: Writer = async (tx, projectId, rows) => {
  const list = rows.map(({ row, fanId, now }) => ({ id: newId(), fanId, ...row, at: now }));
  await sql`
    insert into inbox_message (project_id, id, fan_id, channel, from_address, to_address, connection_id, body, reason,
                               received_at)
    select ${projectId}, id, "fanId", 'sms', "from", "to", "connectionId", body, reason, at
      from json_to_recordset(${JSON.stringify(list)}::json)
           as m(id uuid, "fanId" uuid, "from" text, "to" text, "connectionId" uuid, body text, reason text,
                at timestamptz)`.execute(tx);
};
