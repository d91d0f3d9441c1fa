import type { Hono } from 'hono';
import type { Log } from '#lib/log.ts';
import type { Metrics } from './metrics.ts';

export interface Readiness {
  /** The database has all migrations of this program. */
  isMigrated(): Promise<boolean>;
  /** Ids made a month from now have a place to go. */
  hasNextPartitions(): Promise<boolean>;
  /** This process's heartbeat is good. */
  isAlive(): boolean;
}

/** `/healthz`: the process answers. `/readyz`: it can work; 503 with what it lacks. `/metrics`. */
export function mountHealth(app: Hono, readiness: Readiness, metrics: Metrics, log: Log): void {
  app.get('/healthz', (context) => context.json({ ok: true }));
  app.get('/readyz', async (context) => {
    const checks = {
      migrated: await isTrue(() => readiness.isMigrated(), log),
      partitions: await isTrue(() => readiness.hasNextPartitions(), log),
      heartbeat: readiness.isAlive(),
    };
    const ok = Object.values(checks).every(Boolean);
    return context.json({ ok, checks }, ok ? 200 : 503, ok ? {} : { 'retry-after': '1' });
  });
  app.get('/metrics', async (context) => {
    const text = await metrics.registry.metrics();
    return context.body(text, 200, { 'content-type': metrics.registry.contentType });
  });
}

async function isTrue(check: () => Promise<boolean>, log: Log): Promise<boolean> {
  try {
    return await check();
  } catch (error) {
    log.warn({ err: error }, 'readiness could not be found out');
    return false;
  }
}
