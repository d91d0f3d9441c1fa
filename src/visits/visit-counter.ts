import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Log } from '#lib/log.ts';

export type Via = 'link' | 'qr' | 'frame';

export interface Visit {
  projectId: string;
  /** A landing page, or the flow whose step sent the link. */
  subjectId: string;
  /** Of the step, from 1; 0: a page. */
  position: number;
  via: Via;
  isScanner: boolean;
  /** Domain time. */
  at: Date;
}

interface Sum {
  projectId: string;
  subjectId: string;
  position: number;
  via: Via;
  day: string;
  people: number;
  scanners: number;
}

export interface VisitCounter {
  /** Costs no query and no wait. */
  count(visit: Visit): void;
  /** Resolves when all that was counted before is stored; a failure keeps it for the next time. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Adds visits up in memory and stores the sums every two seconds in one statement, so that a link that
 * goes around costs its readers nothing. Sums of several processes add up. What ends without `close`
 * loses at most two seconds of counts, and nothing else.
 */
export function createVisitCounter({ db, log }: { db: Db; log: Pick<Log, 'warn'> }): VisitCounter {
  let sums = new Map<string, Sum>();
  let storing = Promise.resolve();

  const add = (sum: Sum) => {
    const key = [sum.projectId, sum.subjectId, sum.position, sum.via, sum.day].join(' ');
    const known = sums.get(key);
    if (known === undefined) {
      sums.set(key, sum);
      return;
    }
    known.people += sum.people;
    known.scanners += sum.scanners;
  };
  const store = async () => {
    if (sums.size === 0) return;
    const taken = sums;
    sums = new Map();
    try {
      await storeSums(db, [...taken.values()]);
    } catch (error) {
      for (const sum of taken.values()) add(sum);
      throw error;
    }
  };
  const flush = () => {
    const next = storing.then(store);
    storing = next.catch(() => undefined);
    return next;
  };
  const timer = setInterval(() => {
    flush().catch((error: unknown) => log.warn({ err: error }, 'visits could not be stored yet'));
  }, everyMs);
  timer.unref();

  return {
    count: ({ at, isScanner, ...visit }) =>
      add({
        ...visit,
        day: at.toISOString().slice(0, 10),
        people: isScanner ? 0 : 1,
        scanners: isScanner ? 1 : 0,
      }),
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

const everyMs = 2_000;

async function storeSums(db: Db, sums: readonly Sum[]): Promise<void> {
  await sql`
    insert into visit_count as v (project_id, subject_id, position, day, via, people, scanners)
    select "projectId", "subjectId", position, day, via, people, scanners
      from json_to_recordset(${JSON.stringify(sums)}::json)
           as n("projectId" uuid, "subjectId" uuid, position smallint, day date, via text, people int, scanners int)
     order by "subjectId", day, position, via
    on conflict (subject_id, day, position, via, project_id) do update
       set people = v.people + excluded.people, scanners = v.scanners + excluded.scanners`.execute(db);
}
