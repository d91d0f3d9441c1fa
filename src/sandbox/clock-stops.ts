import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';
import type { ClockStop } from './contract.ts';

const halfYearMs = 183 * 24 * 3_600_000;

interface Asked {
  now: Date;
  /** Where the fan lives. */
  zone: string;
  /** When the next text goes that is held back for her. */
  text: string | null;
}

/**
 * Moments that are worth moving the clock to, in their order: the next text that waits, two at night and
 * eight in the morning where the fan lives, the next release, half a year on. All of them lie ahead.
 */
export async function clockStops(
  db: Db,
  projectId: string,
  { now, zone, text }: Asked,
): Promise<ClockStop[]> {
  const release = await nextRelease(db, projectId, now);
  const stops: ClockStop[] = [
    { id: 'night', at: nextAt(zone, now, 2).toISOString(), zone, title: null },
    { id: 'morning', at: nextAt(zone, now, 8).toISOString(), zone, title: null },
    { id: 'half_year', at: new Date(now.getTime() + halfYearMs).toISOString(), zone, title: null },
  ];
  if (text !== null) stops.push({ id: 'text', at: text, zone, title: null });
  if (release !== null)
    stops.push({
      id: 'release',
      at: release.releaseAt.toISOString(),
      zone: release.zone,
      title: release.title,
    });
  return stops.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** The next time a clock there shows that hour. */
function nextAt(zone: string, now: Date, hour: number): Date {
  const { year, month, day } = localTime(zone, now.getTime());
  for (let ahead = 0; ; ahead++) {
    const date = new Date(Date.UTC(year, month - 1, day + ahead));
    const there = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    const at = new Date(instantOf(zone, there, hour * 60));
    if (at > now) return at;
  }
}

async function nextRelease(db: Db, projectId: string, now: Date) {
  const { rows } = await sql<{ title: string; releaseAt: Date; zone: string }>`
    select * from (
      select r.title, p.zone,
             case when r.release_mode = 'local' then (r.release_at at time zone 'UTC') at time zone p.zone
                  else r.release_at end as "releaseAt"
        from release r join project p on p.id = r.project_id
       where r.project_id = ${projectId} and r.cancelled_at is null) as ahead
     where "releaseAt" > ${now} order by "releaseAt" limit 1`.execute(db);
  return rows[0] ?? null;
}
