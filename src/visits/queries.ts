import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

const dayMs = 24 * 60 * 60_000;
const firstDay = (now: Date, days: number) =>
  new Date(now.getTime() - (days - 1) * dayMs).toISOString().slice(0, 10);

export interface PageVisits {
  pageId: string;
  people: number;
  byCode: number;
  framed: number;
  scanners: number;
}

/** Of the pages that are there; at most as old as the counter's rest. */
export async function readPageVisits(
  db: Db,
  projectId: string,
  now: Date,
  days: number,
): Promise<PageVisits[]> {
  const { rows } = await sql<PageVisits>`
    select l.id as "pageId", sum(v.people)::int as people,
           coalesce(sum(v.people) filter (where v.via = 'qr'), 0)::int as "byCode",
           coalesce(sum(v.people) filter (where v.via = 'frame'), 0)::int as framed,
           sum(v.scanners)::int as scanners
      from landing_page l join visit_count v on v.subject_id = l.id and v.project_id = l.project_id
     where l.project_id = ${projectId} and v.day >= ${firstDay(now, days)}::date
     group by l.id`.execute(db);
  return rows;
}

export interface LinkVisits {
  people: number;
  scanners: number;
}

/** How often the links that a flow's steps sent were opened, by position. */
export async function readLinkVisits(
  db: Db,
  projectId: string,
  flowId: string,
  now: Date,
  days: number,
): Promise<Map<number, LinkVisits>> {
  const { rows } = await sql<LinkVisits & { position: number }>`
    select position, sum(people)::int as people, sum(scanners)::int as scanners from visit_count
     where subject_id = ${flowId} and project_id = ${projectId} and day >= ${firstDay(now, days)}::date
     group by position`.execute(db);
  return new Map(rows.map(({ position, ...visits }) => [position, visits]));
}
