import { sql } from 'kysely';
import type { Connection, Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { getRelease } from '../releases.ts';
import type { ReleaseDay } from './contract.ts';

export interface DayDeps {
  db: Db;
  clock: DomainClock;
  connections: Pick<Connections, 'ofProject'>;
}

const minuteMs = 60_000;
/** Where a day begins first, it has so long before it begins in UTC. */
const firstZoneMs = 14 * 60 * minuteMs;

interface CountRow {
  service: string;
  state: string;
  reason: string | null;
  /** Of scheduled ones: what they wait for. */
  waits: keyof ReleaseDay['services'][number]['waiting'] | null;
  count: number;
  lastMinute: number;
}

/** Reads every save of the release once; 404 when the project has no such release. */
export async function readReleaseDay(
  deps: DayDeps,
  projectId: string,
  releaseId: string,
): Promise<ReleaseDay> {
  const { db, clock, connections } = deps;
  const release = await getRelease(db, projectId, releaseId);
  const now = clock.now(projectId);
  const rows = await countRows(db, projectId, releaseId, now);
  const apps = await connections.ofProject(projectId);
  const byService = Map.groupBy(
    rows.filter(({ service }) => service !== ''),
    ({ service }) => service,
  );
  const of = (...states: string[]) => sum(rows.filter(({ state }) => states.includes(state)));
  return {
    now,
    beginsAt:
      release.releaseMode === 'local'
        ? new Date(release.releaseAt.getTime() - firstZoneMs)
        : release.releaseAt,
    services: [...byService].map(([service, own]) => serviceOf(service, own, rateOf(apps, service))),
    reminders: { set: of('reminder_set'), sent: of('reminded'), handedOver: of('handed_over') },
    failures: rows
      .filter(({ state }) => state === 'failed')
      .map(({ service, reason, count }) => ({ service, reason: reason ?? 'refused', count }))
      .toSorted((a, b) => b.count - a.count),
  };
}

const sum = (rows: readonly { count: number }[]) => rows.reduce((all, { count }) => all + count, 0);

/** One pass over the saves; those that wait are asked for what. */
async function countRows(db: Db, projectId: string, releaseId: string, now: Date): Promise<CountRow[]> {
  const { rows } = await sql<CountRow>`
    select s.service, s.state, case when s.state = 'failed' then s.reason end as reason, w.waits,
           count(*)::int as count,
           (count(*) filter (where s.performed_at > ${new Date(now.getTime() - minuteMs)}))::int as "lastMinute"
      from save s
      left join lateral (
        select case
            when i.due_at > ${now} and r.release_mode = 'local' and i.due_at > ${now}::timestamptz + interval '15 minutes'
              then 'midnight'
            when not exists (select 1 from release_service v where v.project_id = s.project_id
                                and v.release_id = s.release_id and v.service = s.service) then 'work'
            when g.state is distinct from 'live' or g.dies_at <= ${now} then 'link'
            else 'turn' end as waits
          from release r
          left join streaming_grant g on g.project_id = s.project_id and g.fan_id = s.fan_id and g.service = s.service
          left join work i on i.project_id = s.project_id and r.release_mode = 'local'
                          and i.promise = s.fan_id || ':save:' || s.release_id || ':' || s.service
         where s.state = 'scheduled' and r.project_id = s.project_id and r.id = s.release_id) w on true
     where s.project_id = ${projectId} and s.release_id = ${releaseId} and s.state not in ('undone', 'cancelled')
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(db);
  return rows;
}

interface Rate {
  perSecond: number;
  burst: number;
}

/** What the app of this service lets pass; the lanes hold to the same numbers. */
function rateOf(apps: readonly Connection[], service: string): Rate | null {
  const rate = apps.find(({ connector, streaming }) => connector === service && streaming !== null)?.streaming
    ?.rate;
  return rate === undefined ? null : { perSecond: (rate.count * 1_000) / rate.periodMs, burst: rate.burst };
}

function serviceOf(
  service: string,
  rows: readonly CountRow[],
  rate: Rate | null,
): ReleaseDay['services'][number] {
  const of = (state: string) => sum(rows.filter((row) => row.state === state));
  const waitsFor = (what: CountRow['waits']) => sum(rows.filter(({ waits }) => waits === what));
  const turn = waitsFor('turn');
  return {
    service,
    verified: of('verified'),
    accepted: of('accepted'),
    already: of('already'),
    failed: of('failed'),
    waiting: { turn, link: waitsFor('link'), work: waitsFor('work'), midnight: waitsFor('midnight') },
    lastMinute: rows.reduce((all, row) => all + row.lastMinute, 0),
    perSecond: rate?.perSecond ?? null,
    secondsLeft: rate === null ? null : Math.max(0, turn - rate.burst) / rate.perSecond,
  };
}
