import type { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Log } from '#lib/log.ts';

/** Work that is not the hot path: called by a schedule, on whichever worker is free. */
export interface Job {
  name: string;
  /** Cron, UTC. */
  cron: string;
  /** A repeat must be harmless: a run that was cut off is run again. */
  run: () => Promise<void>;
  /** Also once right after the start. */
  atStart?: boolean;
}

export interface Jobs {
  stop(): Promise<void>;
}

/**
 * Runs jobs on their schedules, each by one worker at a time however many processes there are. A job
 * that fails is logged and comes again with its next turn.
 */
export async function startJobs(pool: Pool, log: Log, jobs: readonly Job[]): Promise<Jobs> {
  const boss = new PgBoss({
    // Our own pool: the jobs are few, and connections are not.
    db: { executeSql: (text, values) => pool.query(text, values) },
    schema: 'pgboss',
  });
  boss.on('error', (error) => log.warn({ err: error }, 'the schedule had trouble'));
  await boss.start();
  for (const job of jobs) {
    const run = () => guarded(job, log);
    await boss.createQueue(job.name, { policy: 'singleton', retryLimit: 0 });
    await boss.work(job.name, { pollingIntervalSeconds: 5 }, run);
    await boss.schedule(job.name, job.cron);
    if (job.atStart) void run();
  }
  return { stop: () => boss.stop({ graceful: true, timeout: 5_000 }) };
}

async function guarded(job: Job, log: Log): Promise<void> {
  try {
    await job.run();
  } catch (error) {
    log.error({ err: error, job: job.name }, 'a scheduled job failed');
  }
}
