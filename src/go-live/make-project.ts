import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { createProject } from '#accounts/create.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { insertVersion, listFlowRows } from '#flows/queries.ts';
import { insertUnderFreeName } from '#landing-pages/change-pages.ts';
import { listStoredPages } from '#landing-pages/queries.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import type { Caller } from '#lib/route.ts';

/** More flows, or pages, than anybody has. */
const maxItems = 10_000;

/** Ids of the test project → those of the live one. */
type Ids = ReadonlyMap<string, string>;

/**
 * Makes the live project of a test one (R104): artists, releases, segments, settings, what was done at
 * providers, landing pages that are not published yet, and the newest version of every flow as a draft. Of fans, addresses, consents, grants and
 * saves nothing, and no connection: a live one is made anew. All of it or nothing; repeated or at the
 * same time, the same project. 409 for a project that is live.
 */
export async function makeLiveProject(db: Db, caller: Caller, now: Date): Promise<{ projectId: string }> {
  const { projectId: fromId, accountId, actor } = caller;
  return transaction(db, async (tx) => {
    const from = await tx
      .selectFrom('project')
      .selectAll()
      .where('id', '=', fromId)
      .where('account_id', '=', accountId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (from.is_live) throw new UserError(409, 'invalid', 'This project is live already.');
    if (from.live_project_id !== null) return { projectId: from.live_project_id };
    const { projectId } = await createProject(tx, { accountId, name: from.name, isLive: true });
    await copySettings(tx, fromId, projectId);
    const ids = await copyThings(tx, fromId, projectId, now);
    await copyPages(tx, fromId, projectId, ids, now);
    const flows = await copyFlows(tx, fromId, projectId, ids, { now, actor });
    await sql`update project set live_project_id = ${projectId} where id = ${fromId}`.execute(tx);
    const after = { from: from.name, flows };
    await writeAudit(tx, projectId, {
      actor,
      action: 'project.went_live',
      subject: `project:${fromId}`,
      after,
    });
    return { projectId };
  });
}

async function copySettings(tx: Tx, fromId: string, projectId: string): Promise<void> {
  await sql`
    update project p set programme = f.programme, legal_sender = f.legal_sender, contact = f.contact,
           postal_address = f.postal_address, zone = f.zone, countries = f.countries,
           monthly_cap = f.monthly_cap, all_channels_cap = f.all_channels_cap, answers_unmatched = f.answers_unmatched,
           embed_origins = f.embed_origins, body_months = f.body_months, proof_months = f.proof_months
      from project f where f.id = ${fromId} and p.id = ${projectId}`.execute(tx);
  await sql`
    insert into go_live_task (project_id, connector, task, done_at, done_by)
    select ${projectId}, connector, task, done_at, done_by from go_live_task
     where project_id = ${fromId}`.execute(tx);
}

async function copyThings(tx: Tx, fromId: string, projectId: string, now: Date): Promise<Ids> {
  const rows = await sql<{ id: string }>`
    select id from artist where project_id = ${fromId} union all
    select id from release where project_id = ${fromId} union all
    select id from segment where project_id = ${fromId}`.execute(tx);
  const ids = new Map(rows.rows.map(({ id }) => [id, newId()]));
  const pairs = sql`json_to_recordset(${JSON.stringify([...ids].map(([old, fresh]) => ({ old, fresh })))}::json)
                    as n(old uuid, fresh uuid)`;
  await sql`
    insert into artist (project_id, id, name, created_at)
    select ${projectId}, n.fresh, a.name, ${now}
      from artist a join ${pairs} on n.old = a.id where a.project_id = ${fromId}`.execute(tx);
  await sql`
    insert into artist_service (project_id, artist_id, service, service_id, url)
    select ${projectId}, n.fresh, s.service, s.service_id, s.url
      from artist_service s join ${pairs} on n.old = s.artist_id where s.project_id = ${fromId}`.execute(tx);
  await sql`
    insert into segment (project_id, id, name, created_at)
    select ${projectId}, n.fresh, s.name, ${now}
      from segment s join ${pairs} on n.old = s.id where s.project_id = ${fromId}`.execute(tx);
  await copyReleases(tx, fromId, projectId, ids, now);
  return ids;
}

async function copyReleases(tx: Tx, fromId: string, projectId: string, ids: Ids, now: Date): Promise<void> {
  const releases = await tx.selectFrom('release').selectAll().where('project_id', '=', fromId).execute();
  for (const release of releases) {
    const { id, artist_id: artistId, artwork } = release;
    const releaseId = mapped(ids, id);
    // Its public name is nobody's to guess from the old one.
    const token = artwork === null ? null : randomBytes(16).toString('base64url');
    await tx
      .insertInto('release')
      .values({
        ...release,
        project_id: projectId,
        id: releaseId,
        artist_id: mapped(ids, artistId),
        artwork: token,
        created_at: now,
      })
      .execute();
    await sql`
      insert into release_service (project_id, release_id, service, service_id, url)
      select ${projectId}, ${releaseId}, service, service_id, url
        from release_service where project_id = ${fromId} and release_id = ${id}`.execute(tx);
    if (token !== null) {
      await sql`
        insert into artwork (token, width, project_id, release_id, bytes, created_at)
        select ${token}, width, ${projectId}, ${releaseId}, bytes, ${now}
          from artwork where token = ${artwork}`.execute(tx);
    }
  }
}

/** The test pages keep their addresses, which may be printed already; the live ones get the next free ones. */
async function copyPages(tx: Tx, fromId: string, projectId: string, ids: Ids, now: Date): Promise<void> {
  const copied = (id: string | null) => (id === null ? null : (ids.get(id) ?? null));
  const pages = await listStoredPages(tx, fromId, { before: null, limit: maxItems });
  for (const { slug, releaseId, artistId, title, text, parts, palette } of pages.toReversed()) {
    const about = { releaseId: copied(releaseId), artistId: copied(artistId) };
    const content = { ...about, title, text, parts, palette };
    await insertUnderFreeName(tx, { projectId, id: newId(), content, now }, slug);
  }
}

async function copyFlows(
  tx: Tx,
  fromId: string,
  projectId: string,
  ids: Ids,
  { now, actor }: { now: Date; actor: string },
): Promise<number> {
  const flows = await listFlowRows(tx, fromId, { before: null, limit: maxItems });
  for (const { name, trigger, steps, reentry } of flows.toReversed()) {
    const flowId = newId();
    await tx
      .insertInto('flow')
      .values({ project_id: projectId, id: flowId, name, created_at: now, updated_at: now })
      .execute();
    await insertVersion(tx, projectId, {
      id: newId(),
      flowId,
      version: 1,
      now,
      savedBy: actor,
      reentry,
      trigger: { ...trigger, config: renamed(trigger.config, ids) },
      steps: steps.map((step) => ({ ...step, config: renamed(step.config, ids) })),
    });
  }
  return flows.length;
}

/** The same config in the live project: its own things, and no connection of the test one's. */
function renamed(config: Record<string, unknown>, ids: Ids): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([field, value]) => {
      if (field === 'connectionId') return [];
      return [[field, typeof value === 'string' ? (ids.get(value) ?? value) : value]];
    }),
  );
}

function mapped(ids: Ids, id: string): string {
  const fresh = ids.get(id);
  if (fresh === undefined) throw new Error('a release of an artist that is not there');
  return fresh;
}
