import type { Db } from '#db/database.ts';
import { makePartitions, pruneEventKeys } from '#engine/partitions.ts';
import { rollUp } from '#engine/rollups.ts';
import { systemClock } from '#lib/clock.ts';
import type { Log } from '#lib/log.ts';
import { sweepErasures } from '#privacy/erase.ts';
import { pruneEvidence } from '#privacy/evidence.ts';
import { keepRetention } from '#privacy/retention.ts';
import { pruneDeliveries } from '#webhooks/deliveries.ts';
import type { Job } from './jobs.ts';

/** Everything that runs by the clock and is not the engine's own work. */
export function scheduledJobs(deps: {
  db: Db;
  log: Log;
  catchUp: () => Promise<void>;
  settleDoubts: () => Promise<void>;
  /** Tokens of connections that end. */
  renewCredentials: () => Promise<void>;
  /** Sign-ups that nobody confirmed in time. */
  pruneSignUps: () => Promise<void>;
  /** Links of releases that fans wait for. */
  findLinks: () => Promise<void>;
  /** Messages of releases that are out. */
  tellReleaseDay: () => Promise<void>;
  /** Allowances that are used up. */
  watchLimits: () => Promise<void>;
  /** Flows that run far more often than usual. */
  watchStorms: () => Promise<void>;
  /** Authorisations that are about to end. */
  watchEnds: () => Promise<void>;
  /** Providers of sign-ins that fans took back. */
  tellRevocations: () => Promise<void>;
  /** Looks for new releases, and tells the fans. */
  watchReleases: () => Promise<void>;
  /** Texts with what providers counted. */
  reconcile: () => Promise<void>;
  /** Each sender's domain once a week. */
  checkSenders: () => Promise<void>;
}): Job[] {
  const { db } = deps;
  return [
    { name: 'catch-up', cron: '*/5 * * * *', atStart: true, run: deps.catchUp },
    { name: 'find-links', cron: '*/5 * * * *', run: deps.findLinks },
    { name: 'tell-release-day', cron: '* * * * *', run: deps.tellReleaseDay },
    { name: 'watch-limits', cron: '* * * * *', run: deps.watchLimits },
    { name: 'watch-storms', cron: '* * * * *', run: deps.watchStorms },
    { name: 'watch-ends', cron: '37 * * * *', run: deps.watchEnds },
    { name: 'tell-revocations', cron: '* * * * *', run: deps.tellRevocations },
    { name: 'watch-releases', cron: '*/5 * * * *', run: deps.watchReleases },
    { name: 'renew-credentials', cron: '37 * * * *', atStart: true, run: deps.renewCredentials },
    { name: 'settle-doubts', cron: '23 * * * *', run: deps.settleDoubts },
    { name: 'prune-sign-ups', cron: '29 * * * *', run: deps.pruneSignUps },
    { name: 'check-senders', cron: '9 4 * * *', run: deps.checkSenders },
    { name: 'reconcile', cron: '21 5 * * *', run: deps.reconcile },
    { name: 'partitions', cron: '17 3 * * *', run: () => makePartitions(db, systemClock.now()) },
    { name: 'roll-up', cron: '*/5 * * * *', run: () => rollUp(db, systemClock.now()).then(() => undefined) },
    { name: 'sweep-erasures', cron: '* * * * *', run: () => sweepErasures(db) },
    { name: 'retention', cron: '37 2 * * *', run: () => keepRetention(db) },
    { name: 'prune-evidence', cron: '43 2 * * *', run: () => pruneEvidence(db) },
    { name: 'prune-webhook-deliveries', cron: '51 2 * * *', run: () => pruneDeliveries(db) },
    { name: 'prune-event-keys', cron: '41 * * * *', run: () => pruneAll(db) },
  ];
}

/** In small bites, so that no lock is held for long. */
async function pruneAll(db: Db): Promise<void> {
  while ((await pruneEventKeys(db)) > 0);
}
