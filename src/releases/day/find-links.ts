import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import type { LookupClient, WorkFacts } from '#connectors/connector.ts';
import { transaction, type Db } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock } from '#lib/clock.ts';
import { ConnectorError } from '#lib/errors.ts';
import { isSameGtin } from '#lib/gtin.ts';
import type { Log } from '#lib/log.ts';
import type { ReleaseKind } from '../works.ts';

export interface FindDeps {
  db: Db;
  clock: DomainClock;
  connections: Pick<Connections, 'ofProject'>;
  log: Log;
}

interface Missing {
  projectId: string;
  releaseId: string;
  service: string;
  upc: string;
  kind: ReleaseKind;
  releaseAt: Date;
}

const hourMs = 3_600_000;
/** Looked for from so long before its moment: a day begins early somewhere. */
const earlyMs = 14 * hourMs;
/** After the first day once an hour, for thirty days; then its saves have ended. */
const denseMs = 24 * hourMs;
const longestMs = 30 * 24 * hourMs;

/**
 * Late releases are polled (R56): one that fans wait for on a service where it has no link yet is
 * looked for by its bar code; when it is there its saves are performed. A repeat is harmless.
 */
export function createLinkFinder(deps: FindDeps): () => Promise<void> {
  /** When each was looked for last, by this process: another that takes over asks once more. */
  const lookedAtMs = new Map<string, number>();
  return async () => {
    const wanted = await missingLinks(deps.db);
    const keys = new Set(wanted.map(keyOf));
    for (const key of lookedAtMs.keys()) if (!keys.has(key)) lookedAtMs.delete(key);
    for (const one of wanted) {
      const now = deps.clock.now(one.projectId);
      if (!isTime(one.releaseAt, now, lookedAtMs.get(keyOf(one)))) continue;
      lookedAtMs.set(keyOf(one), now.getTime());
      await tryToFind(deps, one);
    }
  };
}

const keyOf = ({ projectId, releaseId, service }: Missing) => `${projectId}/${releaseId}/${service}`;

/** A service that does not answer is asked again with the next round. */
async function tryToFind(deps: FindDeps, one: Missing): Promise<void> {
  try {
    await findLink(deps, one);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    deps.log.info({ err: error, service: one.service }, 'a release could not be looked for');
  }
}

async function missingLinks(db: Db): Promise<Missing[]> {
  const { rows } = await sql<Missing>`
    select r.project_id as "projectId", r.id as "releaseId", r.upc, r.kind, r.release_at as "releaseAt", w.service
      from release r
     cross join lateral (
       select distinct s.service from save s
        where s.project_id = r.project_id and s.release_id = r.id and s.state = 'scheduled') w
     where r.upc is not null and r.kind <> 'playlist' and r.cancelled_at is null
       and not exists (select 1 from release_service v where v.project_id = r.project_id and v.release_id = r.id
                          and v.service = w.service)
     order by r.release_at desc limit 500`.execute(db);
  return rows;
}

function isTime(releaseAt: Date, now: Date, lookedAtMs = -Infinity): boolean {
  const age = now.getTime() - releaseAt.getTime();
  if (age < -earlyMs || age > longestMs) return false;
  return age < denseMs || now.getTime() - lookedAtMs >= hourMs;
}

async function findLink({ db, connections }: FindDeps, one: Missing): Promise<void> {
  const { projectId, releaseId, service } = one;
  const apps = await connections.ofProject(projectId);
  const client = apps.find(
    ({ connector, lookup }) => connector === service && lookup?.findByUpc !== undefined,
  );
  const found = client?.lookup ? await findWork(client.lookup, one) : undefined;
  if (found === undefined) return;
  await transaction(db, async (tx) => {
    const { rows } = await sql`
      insert into release_service (project_id, release_id, service, service_id, url)
      values (${projectId}, ${releaseId}, ${service}, ${found.item.id}, ${found.url})
      on conflict do nothing returning 1`.execute(tx);
    if (rows.length > 0) await signal(tx, projectId, [{ key: gateKeys.release(releaseId) }]);
  });
}

async function findWork(lookup: LookupClient, { upc, kind }: Missing): Promise<WorkFacts | undefined> {
  const albums = (await lookup.findByUpc?.(upc)) ?? [];
  return albums.find((album) => album.item.kind === kind && isSameGtin(album.upc, upc));
}
