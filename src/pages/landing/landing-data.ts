import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { PageContent } from '#landing-pages/content.ts';
import { LruCache } from '#lib/lru-cache.ts';
import type { ShownRelease } from '../connect-data.ts';

/** A published page, or one that is being edited, with all that it shows. */
export interface LandingData {
  projectId: string;
  /** Null: a preview of what is not saved. */
  pageId: string | null;
  slug: string;
  version: number;
  content: PageContent;
  project: {
    slug: string;
    name: string;
    zone: string;
    contact: string;
    legalSender: string;
    embedOrigins: string[];
  };
  artist: { id: string; name: string } | null;
  release: LandingRelease | null;
}

export interface LandingRelease extends ShownRelease {
  /** Name of its cover's files, and the colour that stands for it. */
  artwork: { token: string; colour: string } | null;
  /** Where it can be heard: the services that have it, with the address there. */
  services: { service: string; url: string | null }[];
}

interface LandingRow extends Omit<LandingData, 'release'> {
  isPublished: boolean;
  release: (Omit<LandingRelease, 'releaseAt'> & { releaseAt: string }) | null;
}

/** The page of a slug, published or not; undefined: there is none. At most a second old. */
export function createLandingReader(db: Db) {
  const cache = new LruCache<string, { readAtMs: number; page: Promise<LandingRow | undefined> }>(2_000);
  return async (slug: string): Promise<(LandingData & { isPublished: boolean }) | undefined> => {
    const nowMs = performance.now();
    const known = cache.getOrMake(slug, () => ({ readAtMs: -Infinity, page: Promise.resolve(undefined) }));
    if (nowMs - known.readAtMs > freshMs) {
      known.readAtMs = nowMs;
      known.page = readRow(db, sql`l.slug = ${slug}`);
      // A failed read must not be the answer for a second.
      known.page.catch(() => (known.readAtMs = -Infinity));
    }
    const row = await known.page;
    return row && toData(row);
  };
}

const freshMs = 1_000;

/** A page as it would be with this content; undefined: no such project. */
export async function previewLanding(
  db: Db,
  projectId: string,
  slug: string,
  content: PageContent,
): Promise<LandingData | undefined> {
  const draft = sql`(select ${projectId}::uuid as project_id, null::uuid as id, ${slug}::text as slug, 0 as version,
                            false as is_published, ${JSON.stringify(content)}::jsonb as content)`;
  const row = await readRow(db, sql`true`, draft);
  return row && toData(row);
}

async function readRow(
  db: Db,
  condition: ReturnType<typeof sql>,
  from = sql`landing_page`,
): Promise<LandingRow | undefined> {
  const { rows } = await sql<LandingRow>`
    select l.project_id as "projectId", l.id as "pageId", l.slug, l.version, l.content,
           l.is_published as "isPublished",
           json_build_object('slug', p.slug, 'name', p.name, 'zone', p.zone, 'contact', p.contact,
             'legalSender', p.legal_sender, 'embedOrigins', p.embed_origins) as project,
           case when a.id is not null then json_build_object('id', a.id, 'name', a.name) end as artist,
           case when r.id is not null then json_build_object(
             'id', r.id, 'title', r.title, 'kind', r.kind, 'releaseAt', r.release_at, 'releaseMode', r.release_mode,
             'countdownUrl', r.countdown_url, 'isCancelled', r.cancelled_at is not null,
             'artwork', case when r.artwork is not null then
               json_build_object('token', r.artwork, 'colour', coalesce(r.artwork_colour, '#808080')) end,
             'services', coalesce((
               select json_agg(json_build_object('service', s.service, 'url', s.url) order by s.service)
                 from release_service s where s.project_id = r.project_id and s.release_id = r.id), '[]')) end as release
      from ${from} l
      join project p on p.id = l.project_id
      left join release r on r.project_id = l.project_id and r.id = (l.content->>'releaseId')::uuid
      left join artist a on a.project_id = l.project_id
        and a.id = coalesce((l.content->>'artistId')::uuid, r.artist_id)
     where ${condition} limit 1`.execute(db);
  return rows[0];
}

function toData(row: LandingRow): LandingData & { isPublished: boolean } {
  const { release } = row;
  return { ...row, release: release && { ...release, releaseAt: new Date(release.releaseAt) } };
}

/** What stands in big letters. */
export function headingOf({ content, release, artist, project }: LandingData): string {
  return content.title || (release?.title ?? artist?.name ?? project.name);
}

/** Whom it is by; null where the heading says so already. */
export function bylineOf(data: LandingData): string | null {
  const name = data.artist?.name ?? data.project.name;
  return name === headingOf(data) ? null : name;
}
