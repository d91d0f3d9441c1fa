import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';

export async function readEmbedOrigins(db: Db, projectId: string): Promise<string[]> {
  const { rows } = await sql<{ origins: string[] }>`
    select embed_origins as origins from project where id = ${projectId}`.execute(db);
  return rows[0]?.origins ?? [];
}

/** Answers with the origins as they are compared: scheme, host, port. 422 names the one that is none. */
export async function setEmbedOrigins(
  db: Db,
  projectId: string,
  given: readonly string[],
): Promise<{ before: string[]; after: string[] }> {
  const after = [...new Set(given.map(parseOrigin))].toSorted();
  const before = await readEmbedOrigins(db, projectId);
  await sql`update project set embed_origins = ${after} where id = ${projectId}`.execute(db);
  return { before, after };
}

/** People paste the address of a page; its origin is what they mean. */
function parseOrigin(text: string, at: number): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1';
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (url !== null && isWeb && /^[a-z0-9.-]+$/.test(url.hostname)) return url.origin;
  const message = 'Write the address of the site, such as https://luna.example.';
  throw new UserError(422, 'invalid', message, {
    errors: [{ path: `origins.${at}`, code: 'not_an_origin', message }],
  });
}
