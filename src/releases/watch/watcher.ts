import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import type { LookupClient } from '#connectors/connector.ts';
import { transaction } from '#db/database.ts';
import { ConnectorError, RetryLater } from '#lib/errors.ts';
import type { Log } from '#lib/log.ts';
import { dueLooks, noteLook, type Look } from './due-looks.ts';
import { detect, lookAt } from './look.ts';
import { nextLook } from './next-look.ts';
import { tellFans, type TellDeps } from './tell-fans.ts';

export interface WatchDeps extends TellDeps {
  connections: Connections;
  log: Log;
}

/** Looks of one round; the schedule comes again in a few minutes. */
const looksARound = 300;
/** Of one app in one round: fans' saves need its rate more. */
const looksAnApp = 60;

/**
 * The watcher for new releases: looks at the artists whose time has come, takes what the artist entered
 * herself and is out now, and tells the fans. Run by one process at a time; a repeat is harmless.
 */
export async function watchReleases(deps: WatchDeps): Promise<void> {
  const looks = await dueLooks(deps.db, deps.clock, looksARound);
  const used = new Map<string, number>();
  for (const look of looks) {
    const app = await appFor(deps.connections, look);
    const count = used.get(app?.id ?? '') ?? 0;
    if (app === undefined || count >= looksAnApp) {
      // Nobody can look: no failure, and nothing to be told about it but when it comes again.
      if (app === undefined) await postpone(deps, look);
      continue;
    }
    used.set(app.id, count + 1);
    // An app that asked for patience is left alone for the rest of the round.
    if (await isToWait(deps, look, app.client)) used.set(app.id, looksAnApp);
  }
  await detectEntered(deps);
  await tellFans(deps);
}

async function appFor(
  connections: Connections,
  { projectId, service }: Look,
): Promise<{ id: string; client: LookupClient } | undefined> {
  for (const { id, connector, lookup } of await connections.ofProject(projectId)) {
    if (connector === service && lookup?.releasesOf !== undefined) return { id, client: lookup };
  }
  return undefined;
}

async function postpone({ db, clock }: WatchDeps, look: Look): Promise<void> {
  await sql`
    update artist_watch set next_look_at = ${nextLook(clock.now(look.projectId), look.artistId, look.zone, 0)}
     where project_id = ${look.projectId} and artist_id = ${look.artistId} and service = ${look.service}`.execute(
    db,
  );
}

/** Looks, and notes how it ended. */
async function isToWait({ db, clock, log }: WatchDeps, look: Look, client: LookupClient): Promise<boolean> {
  const now = clock.now(look.projectId);
  const next = (failures: number) => nextLook(now, look.artistId, look.zone, failures);
  try {
    await lookAt(db, client, look, now);
    await noteLook(db, look, { now, nextAt: next(0), problem: null });
    return false;
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      log.error({ err: error, artist: look.artistId, service: look.service }, 'a look at an artist failed');
    }
    const problem = error instanceof ConnectorError ? error.reason : 'Something in Segue went wrong.';
    await noteLook(db, look, { now, nextAt: next(look.failures + 1), problem });
    return error instanceof RetryLater && error.isLaneWide;
  }
}

/** As far back as a release that was entered is still news. */
const newsMs = 3 * 86_400_000;
/** A day that begins by each fan's own clock has begun everywhere so long after it did in UTC. */
const lastZoneMs = 12 * 3_600_000;

/** What the artist entered herself needs no look: it is news at its moment. */
async function detectEntered({ db, clock }: WatchDeps): Promise<void> {
  const { rows } = await sql<{
    projectId: string;
    artistId: string;
    releaseId: string;
    releaseAt: Date;
    mode: string;
  }>`
    select r.project_id as "projectId", r.artist_id as "artistId", r.id as "releaseId", r.release_at as "releaseAt",
           r.release_mode as mode
      from release r
     where r.kind <> 'playlist' and r.cancelled_at is null
       and exists (select 1 from purpose p where p.project_id = r.project_id and p.kind = 'future'
                      and p.target_id = r.artist_id and p.revoked_at is null and p.given_at <= r.release_at + interval '1 day')
       and not exists (select 1 from detection d where d.project_id = r.project_id and d.release_id = r.id)`.execute(
    db,
  );
  for (const { projectId, artistId, releaseId, releaseAt, mode } of rows) {
    const now = clock.now(projectId);
    const outAt = releaseAt.getTime() + (mode === 'local' ? lastZoneMs : 0);
    if (now.getTime() < outAt || now.getTime() > outAt + newsMs) continue;
    const news = { projectId, artistId, releaseId, releasedOn: releaseAt };
    await transaction(db, (tx) => detect(tx, news, now));
  }
}
