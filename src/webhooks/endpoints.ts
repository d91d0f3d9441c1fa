import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Caller } from '#lib/route.ts';
import type { Sealer } from '#lib/seal.ts';
import type { WebhookEndpointView, WebhookType } from './contract.ts';
import { newWebhookSecret } from './secrets.ts';
import { cancelOpen } from './settle.ts';
import type { Targets } from './target.ts';

export interface EndpointDeps {
  db: Db;
  sealer: Pick<Sealer, 'seal'>;
  targets: Pick<Targets, 'check'>;
}

/** More would be a mistake: each is sent everything. */
const maxEndpoints = 20;

const view = sql`
  w.id, w.url, w.description, w.types, case when w.disabled_at is null then 'active' else 'disabled' end as state,
  w.disabled_for as "disabledFor", w.disabled_at as "disabledAt",
  case when w.previous_until > now() then w.previous_until end as "previousSecretUntil",
  w.last_success_at as "lastSuccessAt", w.last_failure_at as "lastFailureAt", w.created_at as "createdAt",
  (select count(*)::int from webhook_delivery d where d.endpoint_id = w.id and d.state = 'open') as "openDeliveries"`;

export async function listEndpoints(
  db: Db,
  projectId: string,
  page: { limit: number; cursor?: string | undefined },
): Promise<{ items: WebhookEndpointView[]; nextCursor: string | null }> {
  const before = decodeCursor(page.cursor);
  const { rows } = await sql<WebhookEndpointView>`
    select ${view} from webhook_endpoint w
     where w.project_id = ${projectId} and (${before}::uuid is null or w.id < ${before})
     order by w.id desc limit ${page.limit + 1}`.execute(db);
  return toPage(rows, page.limit);
}

/** Throws 404 for one of another project (R88). */
export async function getEndpoint(db: Db | Tx, projectId: string, id: string): Promise<WebhookEndpointView> {
  const { rows } = await sql<WebhookEndpointView>`
    select ${view} from webhook_endpoint w where w.project_id = ${projectId} and w.id = ${id}`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such webhook endpoint.');
  return row;
}

/** Tells it what happens from now on. Its secret is in this answer alone. */
export async function createEndpoint(
  { db, sealer, targets }: EndpointDeps,
  { projectId, actor }: Caller,
  wanted: { url: string; description: string; types: readonly WebhookType[] },
): Promise<WebhookEndpointView & { secret: string }> {
  targets.check(wanted.url);
  const secret = newWebhookSecret();
  return transaction(db, async (tx) => {
    await refuseTooMany(tx, projectId);
    const id = newId();
    await tx
      .insertInto('webhook_endpoint')
      .values({ project_id: projectId, id, ...toRow(wanted), secret: sealer.seal(secret) })
      .execute();
    await writeAudit(tx, projectId, {
      actor,
      action: 'webhook.created',
      subject: `webhook:${id}`,
      after: wanted,
    });
    return { ...(await getEndpoint(tx, projectId, id)), secret };
  });
}

interface EndpointChange {
  url?: string | undefined;
  description?: string | undefined;
  types?: readonly WebhookType[] | undefined;
  isActive?: boolean | undefined;
}

/** What is left out stays. Switched off, what it was still to be told is cancelled; on again, it begins anew. */
export async function updateEndpoint(
  { db, targets }: EndpointDeps,
  { projectId, actor }: Caller,
  id: string,
  change: EndpointChange,
): Promise<WebhookEndpointView> {
  if (change.url !== undefined) targets.check(change.url);
  return transaction(db, async (tx) => {
    const before = await lockEndpoint(tx, projectId, id);
    await tx
      .updateTable('webhook_endpoint')
      .set({ project_id: projectId, ...toRow(change) })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute();
    if (change.isActive === true) await switchOn(tx, projectId, id);
    if (change.isActive === false) await switchOff(tx, projectId, id);
    const after = await getEndpoint(tx, projectId, id);
    const entry = { actor, action: 'webhook.edited', subject: `webhook:${id}` };
    await writeAudit(tx, projectId, { ...entry, before: settingsOf(before), after: settingsOf(after) });
    return after;
  });
}

export async function deleteEndpoint(db: Db, { projectId, actor }: Caller, id: string): Promise<void> {
  await transaction(db, async (tx) => {
    const before = await lockEndpoint(tx, projectId, id);
    await tx
      .deleteFrom('webhook_endpoint')
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute();
    await tx
      .deleteFrom('webhook_delivery')
      .where('project_id', '=', projectId)
      .where('endpoint_id', '=', id)
      .execute();
    const entry = { actor, action: 'webhook.deleted', subject: `webhook:${id}` };
    await writeAudit(tx, projectId, { ...entry, before: settingsOf(before) });
  });
}

/** A new secret, in this answer alone; the old one signs beside it for `overlapHours`. */
export async function rotateSecret(
  { db, sealer }: EndpointDeps,
  { projectId, actor }: Caller,
  id: string,
  overlapHours: number,
): Promise<WebhookEndpointView & { secret: string }> {
  const secret = newWebhookSecret();
  return transaction(db, async (tx) => {
    await lockEndpoint(tx, projectId, id);
    await sql`
      update webhook_endpoint
         set previous_secret = case when ${overlapHours} > 0 then secret end,
             previous_until = case when ${overlapHours} > 0 then now() + make_interval(hours => ${overlapHours}) end,
             secret = ${sealer.seal(secret)}
       where project_id = ${projectId} and id = ${id}`.execute(tx);
    await writeAudit(tx, projectId, {
      actor,
      action: 'webhook.secret_changed',
      subject: `webhook:${id}`,
      after: { overlapHours },
    });
    return { ...(await getEndpoint(tx, projectId, id)), secret };
  });
}

async function lockEndpoint(tx: Tx, projectId: string, id: string): Promise<WebhookEndpointView> {
  await sql`select from webhook_endpoint where project_id = ${projectId} and id = ${id} for update`.execute(
    tx,
  );
  return getEndpoint(tx, projectId, id);
}

async function switchOn(tx: Tx, projectId: string, id: string): Promise<void> {
  await sql`
    update webhook_endpoint
       set active_since = now(), disabled_at = null, disabled_for = null, failures = 0, resting_until = null
     where project_id = ${projectId} and id = ${id} and disabled_at is not null`.execute(tx);
}

async function switchOff(tx: Tx, projectId: string, id: string): Promise<void> {
  await sql`
    update webhook_endpoint set disabled_at = now(), disabled_for = 'person'
     where project_id = ${projectId} and id = ${id} and disabled_at is null`.execute(tx);
  await cancelOpen(tx, projectId, id);
}

async function refuseTooMany(tx: Tx, projectId: string): Promise<void> {
  // One at a time: two that come together would both find room.
  await sql`select from project where id = ${projectId} for update`.execute(tx);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from webhook_endpoint where project_id = ${projectId}`.execute(tx);
  if ((rows[0]?.count ?? 0) < maxEndpoints) return;
  throw new UserError(
    422,
    'invalid',
    `A project has at most ${maxEndpoints} webhook endpoints. Delete one first.`,
  );
}

function toRow<Given extends EndpointChange>({ url, description, types }: Given) {
  return {
    ...(url !== undefined && { url }),
    ...(description !== undefined && { description }),
    ...(types !== undefined && { types: [...new Set(types)].toSorted() }),
  } as { url: NonNullable<Given['url']>; description: string; types: string[] }; // As: what is given is there.
}

function settingsOf({ url, description, types, state }: WebhookEndpointView) {
  return { url, description, types, state };
}
