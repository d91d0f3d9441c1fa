/** A release with as many promised saves as wanted: one of each service made for real, the others copied. */
import { sql } from 'kysely';
import { setTimeout as wait } from 'node:timers/promises';
import type { Tokens } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { createSealer } from '#lib/seal.ts';
import { linkService, sealTokens } from '#releases/grants.ts';
import { copyRows } from '../dashboard/copy.ts';
import type { Service } from './wire.ts';
import type { Project } from './stage.ts';

type Sealer = ReturnType<typeof createSealer>;

/** A fan whose pre-save went the usual way, through the API and the engine. */
export interface Template {
  service: Service;
  ids: string[];
}

/** Name of a fan's account at the service; the template is number 0. */
export const accountOf = (service: Service, n: number) => `fan-of-${service}-${n}`;

export async function makeTemplate(
  db: Db,
  sealer: Sealer,
  project: Project,
  service: Service,
  tokens: Tokens,
  post: (path: string, body: unknown) => Promise<unknown>,
): Promise<Template> {
  const { projectId, releaseId, artistId } = project;
  const fanId = newId();
  await db.insertInto('fan').values({ project_id: projectId, id: fanId, created_at: new Date() }).execute();
  const grant = {
    projectId,
    fanId,
    service,
    connectionId: project.connectionIds[service],
    providerAccount: accountOf(service, 0),
    displayName: null,
    tokens,
    authorisedAt: new Date(),
    diesAt: null,
  };
  const purpose = { kind: 'release', targetId: releaseId, words: 'agreed', source: 'bench' } as const;
  await linkService(db, sealer, grant, [purpose]);
  const said = { type: 'artist.followed', subject: { artistId }, fan: { id: fanId }, idempotencyKey: fanId };
  await post('/events', said);
  return { service, ids: await idsOf(db, fanId) };
}

/** Until the save is promised; then the ids of everything that is kept of the fan. */
async function idsOf(db: Db, fanId: string): Promise<string[]> {
  for (let tries = 0; !(await isPromised(db, fanId)); tries++) {
    if (tries === 100) throw new Error(`the pre-save of ${fanId} was not promised`);
    await wait(100);
  }
  const ids = new Set([fanId]);
  for (const table of await tablesWith(db, ids)) {
    const { rows } = await sql<{ id: string | null }>`
      select to_jsonb(t)->>'id' as id from ${sql.table(table)} t where ${names(ids)}`.execute(db);
    for (const { id } of rows) if (id !== null) ids.add(id);
  }
  return [...ids];
}

async function isPromised(db: Db, fanId: string): Promise<boolean> {
  const { rows } = await sql`
    select from run r join work w on w.run_id = r.id and w.kind = 'save'
     where r.fan_id = ${fanId} and r.state = 'ended'`.execute(db);
  return rows.length > 0;
}

/** Whether the row `t` names one of the ids, in whatever column. */
const names = (ids: Iterable<string>) =>
  sql<boolean>`to_jsonb(t)::text like any (${[...ids].map((id) => `%${id}%`)}::text[])`;

/** Copies what a template left in every table, `count` times, each for a fan with tokens of her own. */
export async function copyTemplate(
  url: string,
  db: Db,
  sealer: Sealer,
  { service, ids }: Template,
  count: number,
  tokensFrom: (from: number, count: number) => Promise<Tokens[]>,
): Promise<void> {
  await sql`create table if not exists bench_token (n int, sealed bytea)`.execute(db);
  await sql`truncate bench_token`.execute(db);
  const chunk = 5_000;
  for (let from = 1; from <= count; from += chunk) {
    const tokens = await tokensFrom(from, Math.min(chunk, count + 1 - from));
    const rows = tokens.map((one, at) => [from + at, sealTokens(sealer, one)]);
    await copyRows(url, 'bench_token', 'n, sealed', rows);
  }
  for (const table of await tablesWith(db, ids)) await copyRowsOf(db, table, { service, ids, count });
}

/** Where something of them is kept, whatever tables there are. */
async function tablesWith(db: Db, ids: Iterable<string>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
     where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace
       and relname <> 'bench_token' order by relname`.execute(db);
  const found: string[] = [];
  for (const { name } of rows) {
    const { rows: some } = await sql`
      select from ${sql.table(name)} t where ${names(ids)} limit 1`.execute(db);
    if (some.length > 0) found.push(name);
  }
  return found;
}

interface Copying {
  service: Service;
  ids: readonly string[];
  count: number;
}

/** Ids keep their first half, so that copies of one row name copies of the others. */
async function copyRowsOf(db: Db, table: string, { service, ids, count }: Copying): Promise<void> {
  const place = ['spotify', 'tidal', 'soundcloud'].indexOf(service) + 1;
  const renamed = ids.reduce(
    (text, id) =>
      sql<string>`replace(${text}, ${id}, ${id.slice(0, 24)} || ${place}::text || lpad(to_hex(n), 11, '0'))`,
    sql<string>`replace(to_jsonb(t)::text, ${accountOf(service, 0)}, ${accountOf(service, 0).slice(0, -1)} || n)`,
  );
  const row =
    table === 'streaming_grant'
      ? sql`${renamed}::jsonb || jsonb_build_object('tokens', sealed)`
      : sql`${renamed}::jsonb`;
  await sql`
    insert into ${sql.table(table)}
    select made.*
      from bench_token, ${sql.table(table)} t,
           lateral jsonb_populate_record(null::${sql.table(table)}, ${row}) made
     where ${names(ids)} and n <= ${count}`.execute(db);
}

/** The release is out: what was promised is due. */
export async function releaseNow(db: Db, { projectId, releaseId }: Project): Promise<void> {
  await sql`update release set release_at = now() where project_id = ${projectId} and id = ${releaseId}`.execute(
    db,
  );
  await sql`update work set due_at = now() where project_id = ${projectId} and kind = 'save'`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
