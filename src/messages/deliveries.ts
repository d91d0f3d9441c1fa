import { sql } from 'kysely';
import type { DeliveryStatus, WebhookItem } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { endConsent, noChanges, optOut } from '#fans/consent-changes.ts';
import { readConsentStates, writeConsentChanges } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { addBlocks } from './inbound/write-decisions.ts';

export type Delivery = Extract<WebhookItem, { kind: 'delivery' }>;

/** What a provider says became of the text that this intent sent; the callback's address names it. */
export interface DeliveryReport {
  intentId: string;
  delivery: Delivery;
}

/** Where a status stands in a text's life; a later callback never goes back (they overtake). */
const rank: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  sent: 1,
  undelivered: 2,
  failed: 2,
  delivered: 3,
};

/**
 * Keeps what the provider says became of texts, on their intents and on the outcomes that people
 * see, in one commit. It also proves a send whose answer was lost. Out of order, repeated, of a
 * text that nobody knows or that is another project's: no harm.
 */
export async function recordDeliveries(
  db: Db,
  projectId: string,
  reports: readonly DeliveryReport[],
): Promise<void> {
  const optOuts = reports.filter(({ delivery }) => delivery.isOptOut);
  // Before the rest, in a commit of its own: what fails after it comes again.
  if (optOuts.length > 0) await transaction(db, (tx) => recordOptOuts(tx, projectId, optOuts));
  await transaction(db, (tx) => writeReports(tx, projectId, newestOnly(reports)));
}

function newestOnly(reports: readonly DeliveryReport[]): DeliveryReport[] {
  const newest = new Map<string, DeliveryReport>();
  for (const report of reports) {
    const known = newest.get(report.intentId);
    if (known === undefined || rank[known.delivery.status] < rank[report.delivery.status])
      newest.set(report.intentId, report);
  }
  return [...newest.values()];
}

async function writeReports(tx: Tx, projectId: string, reports: readonly DeliveryReport[]) {
  const rows = reports.map(({ intentId, delivery: { providerId, status, at, reason } }) => ({
    intent_id: intentId,
    provider_id: providerId,
    rank: rank[status],
    value: { status, at, reason, rank: rank[status] },
  }));
  // In a statement of its own: the next must see the outcome of a step that was being recorded. Where
  // the outcome is not there yet, whoever writes it finds the report on the intent.
  await sql`
    select id from intent where project_id = ${projectId} and id = any(${rows.map((row) => row.intent_id)})
     order by id for no key update`.execute(tx);
  await sql`
    with told as (
      update intent i set provider_id = coalesce(i.provider_id, d.provider_id), delivery = d.value
        from json_to_recordset(${JSON.stringify(rows)}::json)
             as d(intent_id uuid, provider_id text, rank int, value jsonb)
       where i.project_id = ${projectId} and i.id = d.intent_id
         and (i.provider_id is null or i.provider_id = d.provider_id)
         and coalesce((i.delivery->>'rank')::int, -1) < d.rank
      returning i.run_id, i.position, i.service, d.value - 'rank' as shown)
    update outcome o set delivery = told.shown, updated_at = now()
      from told
     where o.project_id = ${projectId} and o.run_id = told.run_id and o.position = told.position
       and o.service = told.service`.execute(tx);
}

/** The provider knows an opt-out that we did not: it counts from now on (R42), and so does its block (R98). */
async function recordOptOuts(tx: Tx, projectId: string, reports: readonly DeliveryReport[]) {
  const pairs = await sentPairs(tx, projectId, reports);
  const [first] = reports;
  if (pairs.length === 0 || first === undefined) return;
  const fans = new Map(pairs.map(({ address, fanId }) => [address, fanId]));
  const states = await readConsentStates(tx, projectId, fans, { lock: true });
  const changes = noChanges();
  const { at } = first.delivery;
  for (const state of states.values()) {
    endConsent(changes, state, 'the provider', at);
    if (state.optedOutAt === null) optOut(changes, state, 'the provider', at);
  }
  await writeConsentChanges(tx, projectId, changes);
  await addBlocks(tx, projectId, pairs, at);
  await signal(
    tx,
    projectId,
    pairs.map(({ fanId }) => ({ key: gateKeys.sms(fanId) })),
  );
}

/** From which sender to which number these texts went; the provider's id must be the one we know. */
async function sentPairs(tx: Tx, projectId: string, reports: readonly DeliveryReport[]) {
  const rows = reports.map(({ intentId, delivery }) => ({ id: intentId, provider_id: delivery.providerId }));
  const found = await sql<{ sender: string; address: string; fanId: string }>`
    select distinct m.sender, m.address, m.fan_id as "fanId"
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, provider_id text)
      join intent i on i.project_id = ${projectId} and i.id = r.id
                   and (i.provider_id is null or i.provider_id = r.provider_id)
      join message m on m.project_id = i.project_id and m.id = i.id
     where m.fan_id is not null`.execute(tx);
  return found.rows;
}
