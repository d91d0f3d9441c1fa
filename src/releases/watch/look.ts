import { sql } from 'kysely';
import type { LookupClient } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { Look } from './due-looks.ts';
import { identify, type Found } from './identify.ts';

const dayMs = 86_400_000;

/** Other versions of what is known; left out, as long as nobody asks for them. */
const otherVersion = /\bremix(es|ed)?\b/i;

/**
 * Looks at one artist on one service, and keeps what is new there as news of one canonical release
 * (R66). What came out before anybody wished for it is only remembered. Repeating finds nothing twice;
 * throws the connector's errors, and then nothing was kept.
 */
export async function lookAt(db: Db, client: LookupClient, look: Look, now: Date): Promise<void> {
  const { projectId, artistId, service, serviceId } = look;
  const { rows } = await sql<{ id: string }>`
    select service_id as id from seen_work
     where project_id = ${projectId} and artist_id = ${artistId} and service = ${service}`.execute(db);
  const seen = new Set(rows.map(({ id }) => id));
  const found = (await client.releasesOf?.(serviceId, (id) => seen.has(id))) ?? [];
  const fresh = found.flatMap((facts): Found[] => {
    const releasedOn = dateOf(facts.releasedOn);
    if (releasedOn === null) return look.isFirst ? [] : [{ facts, releasedOn: startOfDay(now) }];
    // Announced, and dated ahead: it is news on its day. A day begins fourteen hours before ours somewhere.
    return releasedOn.getTime() > now.getTime() + dayMs ? [] : [{ facts, releasedOn }];
  });
  // The oldest first: the single before the album that holds it.
  fresh.sort((a, b) => a.releasedOn.getTime() - b.releasedOn.getTime());
  for (const one of fresh) {
    if (!seen.has(one.facts.item.id)) await transaction(db, (tx) => keep(tx, look, one, now));
  }
}

async function keep(tx: Tx, look: Look, found: Found, now: Date): Promise<void> {
  const { projectId, artistId, service } = look;
  // Two services may show the same release at once: one after the other, the second knows it.
  await sql`select 1 from artist where project_id = ${projectId} and id = ${artistId} for update`.execute(tx);
  const since = await firstWish(tx, look);
  const isWished = since !== null && found.releasedOn >= since && !otherVersion.test(found.facts.title);
  const release = isWished ? await identify(tx, look, found, now) : null;
  await sql`
    insert into seen_work (project_id, artist_id, service, service_id, isrcs, release_id, seen_at)
    values (${projectId}, ${artistId}, ${service}, ${found.facts.item.id}, ${found.facts.isrcs},
            ${release?.releaseId ?? null}, ${now})
    on conflict do nothing`.execute(tx);
  if (release?.isNews === true) {
    await detect(
      tx,
      { projectId, artistId, releaseId: release.releaseId, releasedOn: found.releasedOn },
      now,
    );
  }
}

/** R66: once a canonical release, whoever finds it first and on whichever service. */
export async function detect(
  tx: Tx,
  news: { projectId: string; artistId: string; releaseId: string; releasedOn: Date },
  now: Date,
): Promise<void> {
  await sql`
    insert into detection (project_id, release_id, artist_id, released_on, detected_at)
    values (${news.projectId}, ${news.releaseId}, ${news.artistId}, ${dayOf(news.releasedOn)}, ${now})
    on conflict do nothing`.execute(tx);
}

/** The day of the oldest wish that stands. */
async function firstWish(tx: Tx, { projectId, artistId }: Look): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(given_at) as at from purpose
     where project_id = ${projectId} and kind = 'future' and target_id = ${artistId} and revoked_at is null`.execute(
    tx,
  );
  const at = rows[0]?.at ?? null;
  return at === null ? null : startOfDay(at);
}

export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function startOfDay(date: Date): Date {
  return new Date(`${dayOf(date)}T00:00:00.000Z`);
}

function dateOf(day: string | null): Date | null {
  const date = day === null ? null : new Date(`${day}T00:00:00.000Z`);
  return date === null || Number.isNaN(date.getTime()) ? null : date;
}
