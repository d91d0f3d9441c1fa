import { sql } from 'kysely';
import { sqlState, type Db, type Tx } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { newId } from '#lib/ids.ts';
import { longestSlug, slugFor, type PageContent } from './content.ts';
import { getStoredPage, type StoredPage } from './queries.ts';

/** Without a slug one is made from the heading. 422 where the slug is taken or an id is not the project's. */
export async function createStoredPage(
  db: Db,
  projectId: string,
  { slug, ...content }: PageContent & { slug?: string | undefined },
  now: Date,
): Promise<StoredPage> {
  const heading = await headingOf(db, projectId, content);
  const page = { projectId, id: newId(), content, now };
  if (slug === undefined) await insertUnderFreeName(db, page, slugFor(heading) || 'page');
  else if (!(await insertPage(db, page, slug))) throw taken();
  return getStoredPage(db, projectId, page.id);
}

interface NewPage {
  projectId: string;
  id: string;
  content: PageContent;
  now: Date;
}

/** The next free one of `name`, `name-2` …: two pages made at once get two names. */
export async function insertUnderFreeName(db: Db | Tx, page: NewPage, name: string): Promise<void> {
  for (let attempt = 1; attempt <= 99; attempt++) {
    const ending = attempt === 1 ? '' : `-${attempt}`;
    if (await insertPage(db, page, `${name.slice(0, longestSlug - ending.length)}${ending}`)) return;
  }
  throw taken();
}

/** Not published. False, and nothing done, where another page has this address. */
async function insertPage(db: Db | Tx, page: NewPage, slug: string): Promise<boolean> {
  const { projectId, id, content, now } = page;
  const { rows } = await sql`
    insert into landing_page (project_id, id, slug, content, created_at, updated_at)
    values (${projectId}, ${id}, ${slug}, ${JSON.stringify(content)}, ${now}, ${now})
    on conflict (slug) do nothing returning id`.execute(db);
  return rows.length > 0;
}

export type PageChange = Partial<PageContent> & {
  version: number;
  slug?: string | undefined;
  isPublished?: boolean | undefined;
};

/** 409 where somebody changed it since that version; else the new version. */
export async function changeStoredPage(
  tx: Tx,
  projectId: string,
  id: string,
  { version, slug, isPublished, ...change }: PageChange,
  now: Date,
): Promise<{ before: StoredPage; after: StoredPage }> {
  const before = await getStoredPage(tx, projectId, id, { lock: true });
  if (before.version !== version) {
    throw new UserError(409, 'stale_version', 'Somebody changed this page meanwhile. Load it again.');
  }
  const content = mergeContent(before, change);
  await headingOf(tx, projectId, content);
  await refuseTaken(() =>
    sql`
      update landing_page set slug = ${slug ?? before.slug}, content = ${JSON.stringify(content)},
             version = version + 1, is_published = ${isPublished ?? before.isPublished}, updated_at = ${now}
       where project_id = ${projectId} and id = ${id}`.execute(tx),
  );
  return { before, after: await getStoredPage(tx, projectId, id) };
}

/** Throws 404. What fans did on the page stays. */
export async function deleteStoredPage(tx: Tx, projectId: string, id: string): Promise<StoredPage> {
  const page = await getStoredPage(tx, projectId, id, { lock: true });
  await sql`delete from landing_page where project_id = ${projectId} and id = ${id}`.execute(tx);
  return page;
}

function mergeContent(before: StoredPage, change: Partial<PageContent>): PageContent {
  const { releaseId, artistId, title, text, parts, palette } = before;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { releaseId, artistId, title, text, parts, palette, ...Object.fromEntries(given) };
}

/** What the page is called where it has no title of its own; 422 names an id of another project (R88). */
async function headingOf(db: Db | Tx, projectId: string, content: PageContent): Promise<string> {
  const { releaseId, artistId, title } = content;
  const { rows } = await sql<{ project: string; release: string | null; artist: string | null }>`
    select p.name as project,
           (select title from release where project_id = p.id and id = ${releaseId}::uuid) as release,
           (select name from artist where project_id = p.id and id = ${artistId}::uuid) as artist
      from project p where p.id = ${projectId}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such project.');
  if (releaseId !== null && row.release === null) throw unknown('releaseId', 'release');
  if (artistId !== null && row.artist === null) throw unknown('artistId', 'artist');
  return title || (row.release ?? row.artist ?? row.project);
}

function unknown(path: string, what: string): UserError {
  const message = `There is no such ${what} in this project.`;
  return new UserError(422, 'invalid', message, {
    errors: [{ path, code: 'not_found', message }],
    rule: 'R88',
  });
}

async function refuseTaken(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw sqlState(error) === '23505' ? taken() : error;
  }
}

function taken(): UserError {
  const message = 'Another page has this address.';
  return new UserError(422, 'invalid', message, { errors: [{ path: 'slug', code: 'taken', message }] });
}
