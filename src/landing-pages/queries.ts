import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { escapeLike } from '#lib/like.ts';
import type { PageContent } from './content.ts';

export interface StoredPage extends PageContent {
  id: string;
  slug: string;
  version: number;
  isPublished: boolean;
  heading: string;
  createdAt: Date;
  updatedAt: Date;
}

interface PageRow extends Omit<StoredPage, keyof PageContent> {
  content: PageContent;
}

const columns = sql`
  l.id, l.slug, l.content, l.version, l.is_published as "isPublished", l.created_at as "createdAt",
  l.updated_at as "updatedAt",
  coalesce(nullif(l.content->>'title', ''), r.title, a.name, p.name) as heading`;

const tables = sql`
  landing_page l
  join project p on p.id = l.project_id
  left join release r on r.project_id = l.project_id and r.id = (l.content->>'releaseId')::uuid
  left join artist a on a.project_id = l.project_id and a.id = coalesce((l.content->>'artistId')::uuid, r.artist_id)`;

export async function listStoredPages(
  db: Db | Tx,
  projectId: string,
  page: { before: string | null; limit: number; q?: string | undefined; releaseId?: string | undefined },
): Promise<StoredPage[]> {
  const { before, limit, q = '', releaseId = null } = page;
  const like = `%${escapeLike(q)}%`;
  const { rows } = await sql<PageRow>`
    select ${columns} from ${tables}
     where l.project_id = ${projectId} and (${before}::uuid is null or l.id < ${before})
       and (${releaseId}::uuid is null or l.content->>'releaseId' = ${releaseId}::text)
       and (${q} = '' or l.slug ilike ${like} or r.title ilike ${like} or l.content->>'title' ilike ${like})
     order by l.id desc limit ${limit}`.execute(db);
  return rows.map(toPage);
}

/** Throws 404. `lock` keeps it from changing until the transaction ends. */
export async function getStoredPage(
  db: Db | Tx,
  projectId: string,
  id: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<StoredPage> {
  const { rows } = await sql<PageRow>`
    select ${columns} from ${tables} where l.project_id = ${projectId} and l.id = ${id}
    ${lock ? sql`for no key update of l` : sql``}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such page.');
  return toPage(row);
}

function toPage({ content, ...row }: PageRow): StoredPage {
  return { ...row, ...content };
}
