import { sql } from 'kysely';
import { planOf, type Plan } from '#accounts/plans.ts';
import { textPrices } from '#accounts/project-facts.ts';
import { connectors } from '#connectors/index.ts';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import type { Reference } from '../definition.ts';

/** What a flow is checked against: its project, and the things of it that flows name. */
export interface FlowContext {
  project: {
    id: string;
    slug: string;
    isLive: boolean;
    programme: string;
    legalSender: string;
    postalAddress: string;
    contact: string;
    /** Credits of one text part by country, where the account's own price is not the list's. */
    textPrices: Readonly<Record<string, number>>;
  };
  planId: string;
  plan: Plan;
  /** Lent to the project, by id. */
  connections: ReadonlyMap<string, FlowConnection>;
  releases: ReadonlyMap<string, { name: string; kind: string; isCancelled: boolean }>;
  artists: ReadonlyMap<string, { name: string }>;
  segments: ReadonlyMap<string, { name: string }>;
}

export interface FlowConnection {
  kind: 'streaming' | 'sms' | 'email' | 'social';
  isReady: boolean;
  senders: { kind: string; value: string }[];
  /** Why no mail leaves over it (R113); null of every other kind too. */
  emailTrouble: 'not_verified' | 'paused' | null;
}

/** Reads what these references point to, within the project; what is absent does not exist for it. */
export async function loadFlowContext(
  db: Db,
  projectId: string,
  references: readonly Reference[],
): Promise<FlowContext> {
  const idsOf = (kind: Reference['kind']) => [
    ...new Set(references.flatMap((one) => (one.kind === kind ? [one.id] : []))),
  ];
  const [project, connections, releases, artists, segments] = [
    await readProject(db, projectId),
    await readConnections(db, projectId),
    await readReleases(db, projectId, idsOf('release')),
    await readNamed(db, 'artist', projectId, idsOf('artist')),
    await readNamed(db, 'segment', projectId, idsOf('segment')),
  ];
  return { ...project, connections, releases, artists, segments };
}

async function readProject(db: Db, projectId: string) {
  const row = await db
    .selectFrom('project')
    .innerJoin('account', 'account.id', 'project.account_id')
    .select([
      'project.slug',
      'project.is_live',
      'project.programme',
      'project.legal_sender',
      'project.postal_address',
      'project.contact',
      'account.plan',
      textPrices.as('textPrices'),
    ])
    .where('project.id', '=', projectId)
    .executeTakeFirst();
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such project.');
  const project = {
    id: projectId,
    slug: row.slug,
    isLive: row.is_live,
    programme: row.programme,
    legalSender: row.legal_sender,
    postalAddress: row.postal_address,
    contact: row.contact,
    textPrices: row.textPrices,
  };
  return { project, planId: row.plan, plan: planOf(row.plan) };
}

async function readConnections(db: Db, projectId: string): Promise<Map<string, FlowConnection>> {
  const { rows } = await sql<{
    id: string;
    connector: string;
    state: string;
    senders: FlowConnection['senders'] | null;
    is_live: boolean;
    is_verified: boolean | null;
    is_paused: boolean;
  }>`
    select c.id, c.connector, c.state, c.is_live, e.paused_at is not null as is_paused,
           e.is_verified and e.checks->>'address' = (
             select value from sender s where s.connection_id = c.id and s.kind = 'email') as is_verified,
           (select json_agg(json_build_object('kind', s.kind, 'value', s.value) order by s.kind, s.value)
              from sender s where s.connection_id = c.id) as senders
      from loan l join connection c on c.id = l.connection_id
      left join email_sender e on e.connection_id = c.id
     where l.project_id = ${projectId} order by c.created_at, c.id`.execute(db);
  return new Map(
    rows.flatMap((row) => {
      const kind = connectors.find((connector) => connector.id === row.connector)?.kind;
      // A connector that was taken out of this installation cannot be used.
      if (kind === undefined) return [];
      const { id, state, senders } = row;
      const emailTrouble = kind === 'email' ? troubleOf(row) : null;
      return [[id, { kind, isReady: state === 'ready', senders: senders ?? [], emailTrouble }] as const];
    }),
  );
}

/** A test connection reaches nobody, so nobody asks the DNS about it (R104). */
function troubleOf(row: { is_live: boolean; is_verified: boolean | null; is_paused: boolean }) {
  if (row.is_paused) return 'paused';
  return row.is_live && row.is_verified !== true ? 'not_verified' : null;
}

async function readReleases(db: Db, projectId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await db
    .selectFrom('release')
    .select(['id', 'title', 'kind', 'cancelled_at'])
    .where('project_id', '=', projectId)
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => [row.id, { name: row.title, kind: row.kind, isCancelled: row.cancelled_at !== null }]),
  );
}

async function readNamed(db: Db, table: 'artist' | 'segment', projectId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await db
    .selectFrom(table)
    .select(['id', 'name'])
    .where('project_id', '=', projectId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, { name: row.name }]));
}
