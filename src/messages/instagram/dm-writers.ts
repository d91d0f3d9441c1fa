import { sql } from 'kysely';
import type { Writer } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { textAt } from '#lib/json.ts';

/** R69: the one private reply of a comment is taken with the intent, and given back with a refusal. */
export const takeReplies: Writer = async (tx, projectId, rows) => {
  const list = rows.map(({ row, intentId }) => ({ id: textAt(row, 'commentId'), intent: intentId }));
  await sql`
    update instagram_comment c set reply_intent_id = r.intent
      from json_to_recordset(${JSON.stringify(list)}::json) as r(id text, intent uuid)
     where c.project_id = ${projectId} and c.comment_id = r.id`.execute(tx);
};

/** The provider refused the account's token: whoever sends over it waits until it is connected again. */
export const noteDisconnected: Writer = async (tx, projectId, rows) => {
  const ids = [...new Set(rows.map(({ row }) => textAt(row, 'connectionId')))].sort();
  await sql`
    update connection set state = 'needs_reconnect'
     where id = any(${ids}) and state not in ('disabled', 'needs_reconnect')`.execute(tx);
  await signal(tx, projectId, [{ key: gateKeys.connections }]);
};
