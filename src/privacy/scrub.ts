import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * Takes away everything personal that the tables hold of one fan, and leaves what is only counted: runs,
 * outcomes, credits, daily sums, saves by state. `privacy/tables.ts` says of every table which it is.
 * Idempotent. `addresses` are hers where they are still known; without them it goes by her id.
 */
export async function scrubFan(
  tx: Tx,
  projectId: string,
  fanId: string,
  addresses: readonly string[],
): Promise<void> {
  await scrubEvents(tx, projectId, fanId);
  await scrubRuns(tx, projectId, fanId);
  await scrubMessages(tx, projectId, fanId, addresses);
  await dropConversations(tx, projectId, fanId);
  await dropStreaming(tx, projectId, fanId);
  await dropAddresses(tx, projectId, fanId, addresses);
}

/** The event stays, as a count and so that what runs began with is known; what she wrote goes. */
async function scrubEvents(tx: Tx, projectId: string, fanId: string): Promise<void> {
  // An integrator's key may be an address. A provider's is a number of its own, by which a repeat is known.
  await sql`
    update event_key k set key = 'erased:' || k.event_id
      from event e
     where e.project_id = ${projectId} and e.fan_id = ${fanId} and e.source = 'api'
       and k.project_id = e.project_id and k.source = e.source and k.key = e.key and k.key not like 'erased:%'`.execute(
    tx,
  );
  await sql`
    update event
       set subject = '{}', fingerprint = '', result = jsonb_build_object('runs', result->'runs',
             'ignored', result->'ignored', 'extra', '{}'::jsonb),
           key = case when source = 'api' then 'erased:' || id else key end
     where project_id = ${projectId} and fan_id = ${fanId}`.execute(tx);
}

/** Sentences of providers name numbers; ids at a provider lead to what it keeps. */
async function scrubRuns(tx: Tx, projectId: string, fanId: string): Promise<void> {
  await sql`
    update outcome o set detail = null, provider_id = null, delivery = jsonb_set(o.delivery, '{reason}', 'null')
     where o.project_id = ${projectId}
       and o.run_id = any(array(select id from run where project_id = ${projectId} and fan_id = ${fanId}))
       and (o.detail is not null or o.provider_id is not null or o.delivery is not null)`.execute(tx);
  // A call under way needs its payload to be found again; it is looked after once it has ended.
  await sql`
    update intent i
       set payload = '', provider_id = null, reason = null, delivery = jsonb_set(i.delivery, '{reason}', 'null')
     where i.project_id = ${projectId} and i.state <> 'open'
       and (i.id = any(array(select id from message where project_id = ${projectId} and fan_id = ${fanId}))
            or i.run_id = any(array(select id from run where project_id = ${projectId} and fan_id = ${fanId})))`.execute(
    tx,
  );
  await sql`
    delete from reentry where project_id = ${projectId} and fan_id = ${fanId}`.execute(tx);
  await sql`
    delete from webhook_delivery where project_id = ${projectId} and fan_id = ${fanId}`.execute(tx);
}

async function scrubMessages(
  tx: Tx,
  projectId: string,
  fanId: string,
  addresses: readonly string[],
): Promise<void> {
  await sql`
    update message set address = '' where project_id = ${projectId} and fan_id = ${fanId}`.execute(tx);
  await sql`
    delete from inbox_message
     where project_id = ${projectId} and (fan_id = ${fanId} or from_address = any(${[...addresses]}))`.execute(
    tx,
  );
}

async function dropConversations(tx: Tx, projectId: string, fanId: string): Promise<void> {
  const mine = sql`project_id = ${projectId} and fan_id = ${fanId}`;
  await sql`delete from instagram_conversation where ${mine}`.execute(tx);
  await sql`delete from instagram_comment where ${mine}`.execute(tx);
}

/** Saves stay as counts; what waited is not done any more. */
async function dropStreaming(tx: Tx, projectId: string, fanId: string): Promise<void> {
  const mine = sql`project_id = ${projectId} and fan_id = ${fanId}`;
  await sql`delete from streaming_grant where ${mine}`.execute(tx);
  await sql`delete from purpose where ${mine}`.execute(tx);
  await sql`delete from followed where ${mine}`.execute(tx);
  await sql`delete from oauth_state where ${mine}`.execute(tx);
  await sql`delete from short_link where ${mine}`.execute(tx);
  await sql`
    update save set reason = null, item_id = null, renew_by = null,
           state = case when state in ('scheduled', 'reminder_set') then 'cancelled' else state end
     where ${mine}`.execute(tx);
}

async function dropAddresses(
  tx: Tx,
  projectId: string,
  fanId: string,
  addresses: readonly string[],
): Promise<void> {
  const mine = sql`project_id = ${projectId} and fan_id = ${fanId}`;
  const at = sql`project_id = ${projectId} and address = any(${[...addresses]})`;
  await sql`delete from fan_code where ${mine}`.execute(tx);
  await sql`delete from segment_member where ${mine}`.execute(tx);
  await sql`delete from consent where ${mine}`.execute(tx);
  await sql`delete from opt_out where ${at}`.execute(tx);
  await sql`delete from suppression where ${at}`.execute(tx);
  await sql`delete from block where ${at}`.execute(tx);
  await sql`delete from address where ${mine}`.execute(tx);
  await sql`delete from fan where project_id = ${projectId} and id = ${fanId}`.execute(tx);
}
