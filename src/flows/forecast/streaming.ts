import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import { connectors } from '#connectors/index.ts';
import type { StreamingAction } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import { canDo } from '#releases/target.ts';
import type { StepId } from '#steps/index.ts';
import type { FlowStep } from '../contract.ts';
import { stepReferences } from '../definition.ts';
import { done, skipped, unmet, type Fate } from './outcomes.ts';
import { startersOf, type Asked } from './population.ts';

/** What a streaming step wants, and for what. */
interface Wish {
  action: StreamingAction;
  /** Any of these allows it (R100). */
  purposes: { kind: 'release' | 'follow' | 'future'; id: string }[];
  /** Services that have the work; null: it needs none of its own. */
  services: string[] | null;
  /** A pre-save whose release is not out is stored, whatever has the work by now. */
  isStored: boolean;
  /** Why nobody gets it. */
  over: string | null;
  already: { table: 'save' | 'followed'; id: string } | null;
}

type Verdict = 'ready' | 'already' | 'needs_ok' | 'grant_dead' | 'unsupported' | 'not_connected';

/** What becomes of a streaming step: of a fan with several services, that of the one where it goes best. */
export async function streamingFates(
  db: Db,
  projectId: string,
  asked: Asked,
  step: FlowStep,
  { connections, now }: { connections: readonly Connection[]; now: Date },
): Promise<(Fate & { fans: number })[]> {
  const wish = await readWish(db, projectId, step, now);
  if (wish === null) return [];
  const able: string[] = connectors.filter(({ id }) => canDo(id, wish.action)).map(({ id }) => id);
  const usable = connections.map(({ id }) => id);
  const { rows } = await sql<{ verdict: Verdict; fans: number }>`
    with starters as materialized (${startersOf(projectId, asked)}),
    allowed as (
      select distinct fan_id from purpose
       where project_id = ${projectId} and revoked_at is null
         and (kind, target_id) in (${sql.join(wish.purposes.map(({ kind, id }) => sql`(${kind}, ${id}::uuid)`))})),
    grants as (
      select g.fan_id, min(case
        when not g.service = any(${able}) or g.state = 'refused_by_app' then 5
        when g.state <> 'live' or g.dies_at <= ${now} or not g.connection_id = any(${usable}) then 4
        when w.fan_id is null then 3
        when ${isAlready(projectId, wish)} then 2
        when ${wish.services}::text[] is not null and not g.service = any(${wish.services}::text[]) then 5
        else 1 end) as best
        from streaming_grant g left join allowed w on w.fan_id = g.fan_id
       where g.project_id = ${projectId} and g.state <> 'revoked' group by g.fan_id)
    select (array['ready', 'already', 'needs_ok', 'grant_dead', 'unsupported', 'not_connected'])[coalesce(g.best, 6)] as verdict,
           count(*)::int as fans
      from starters s left join grants g on g.fan_id = s.id group by 1`.execute(db);
  return rows.map(({ verdict, fans }) => ({ ...fateOf(verdict, wish, step), fans }));
}

function fateOf(verdict: Verdict, wish: Wish, step: FlowStep): Fate {
  if (wish.over !== null) return skipped(wish.over);
  if (verdict === 'ready') return wish.isStored ? { status: 'done', reason: 'scheduled' } : done;
  if (verdict === 'already') return { status: 'done', reason: 'already' };
  return verdict === 'unsupported' ? skipped(verdict) : unmet(verdict, step.onUnmet);
}

/** Null: the step does not say yet for what. */
async function readWish(db: Db, projectId: string, step: FlowStep, now: Date): Promise<Wish | null> {
  const [reference] = stepReferences(step);
  if (reference === undefined) return null;
  const { kind, id } = reference;
  return kind === 'release'
    ? readRelease(db, projectId, step.step, id, now)
    : readArtist(db, projectId, step.step, id);
}

async function readRelease(
  db: Db,
  projectId: string,
  step: StepId,
  id: string,
  now: Date,
): Promise<Wish | null> {
  const { rows } = await sql<{
    kind: 'album' | 'track' | 'playlist';
    artistId: string;
    isOut: boolean;
    isCancelled: boolean;
    services: string[];
  }>`
    select kind, artist_id as "artistId", release_at <= ${now} as "isOut", cancelled_at is not null as "isCancelled",
           array(select service from release_service s where s.project_id = r.project_id and s.release_id = r.id) as services
      from release r where project_id = ${projectId} and id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const isPlaylist = step === 'presave' && row.kind === 'playlist';
  return {
    action: `save-${row.kind}`,
    purposes: [
      { kind: 'release', id },
      { kind: 'future', id: row.artistId },
    ],
    services: row.isOut ? row.services : null,
    isStored: !row.isOut,
    over: row.isCancelled ? 'release_cancelled' : isPlaylist ? 'unsupported' : null,
    already: { table: 'save', id },
  };
}

async function readArtist(db: Db, projectId: string, step: StepId, id: string): Promise<Wish> {
  if (step === 'nextsave') {
    const purposes: Wish['purposes'] = [{ kind: 'future', id }];
    return { action: 'save-album', purposes, services: null, isStored: false, over: null, already: null };
  }
  const { rows } = await sql<{ service: string }>`
    select service from artist_service where project_id = ${projectId} and artist_id = ${id}`.execute(db);
  return {
    action: 'follow-artist',
    purposes: [{ kind: 'follow', id }],
    services: rows.map(({ service }) => service),
    isStored: false,
    over: null,
    already: { table: 'followed', id },
  };
}

function isAlready(projectId: string, { already }: Wish) {
  if (already === null) return sql`false`;
  if (already.table === 'followed') {
    return sql`(g.fan_id, g.service) in (
      select fan_id, service from followed
       where project_id = ${projectId} and artist_id = ${already.id} and undone_at is null)`;
  }
  return sql`(g.fan_id, g.service) in (
    select fan_id, service from save
     where project_id = ${projectId} and release_id = ${already.id}
       and state in ('scheduled', 'verified', 'accepted', 'already'))`;
}
