import type { Db } from '#db/database.ts';
import { scopes as allScopes, type Scope } from '#lib/endpoint.ts';
import { newId } from '#lib/ids.ts';
import { defaultPlan } from './plans.ts';
import { hashSecret, randomSecret } from './secrets.ts';

/** Makes an account; `plan` is an id of `plans`. */
export async function createAccount(
  db: Db,
  input: { name: string; plan?: string },
): Promise<{ accountId: string }> {
  const id = newId();
  await db
    .insertInto('account')
    .values({ id, name: input.name, plan: input.plan ?? defaultPlan })
    .execute();
  return { accountId: id };
}

export interface NewProject {
  accountId: string;
  /** The artist's name. */
  name: string;
  /** Decided here and never changed (R104). */
  isLive: boolean;
  /** Begins every text; absent: the name. */
  programme?: string;
  legalSender?: string;
  /** Where HELP points to. */
  contact?: string;
  /** Stands in every mail (R113). */
  postalAddress?: string;
  zone?: string;
  countries?: readonly string[];
}

/** Makes a project with a public name of its own; a name that is taken gets four more characters. */
export async function createProject(db: Db, input: NewProject): Promise<{ projectId: string; slug: string }> {
  const id = newId();
  const wanted = slugOf(input.name);
  for (const slug of [wanted, `${wanted}-${id.slice(-4)}`, `${wanted}-${id.slice(-12)}`]) {
    const row = await db
      .insertInto('project')
      .values({
        id,
        account_id: input.accountId,
        name: input.name,
        slug,
        is_live: input.isLive,
        programme: input.programme ?? input.name,
        legal_sender: input.legalSender ?? input.name,
        contact: input.contact ?? '',
        postal_address: input.postalAddress ?? '',
        ...(input.zone === undefined ? {} : { zone: input.zone }),
        countries: [...(input.countries ?? [])],
      })
      .onConflict((conflict) => conflict.column('slug').doNothing())
      .returning('slug')
      .executeTakeFirst();
    if (row !== undefined) return { projectId: id, slug };
  }
  throw new Error(`no public name is free for “${input.name}”`);
}

function slugOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return plain === '' ? 'artist' : plain;
}

/** Everything but `consent:write`, which a caller has to be given by name (R96). */
export const usualScopes: readonly Scope[] = allScopes.filter((scope) => scope !== 'consent:write');

/**
 * Makes an API key for one project and returns it: only its hash is kept, so it is shown once.
 * `key` sets a known one (the demo's); setting it again changes nothing.
 */
export async function createApiKey(
  db: Db,
  input: { projectId: string; name: string; scopes?: readonly Scope[]; key?: string },
): Promise<{ keyId: string; key: string }> {
  const id = newId();
  const key = input.key ?? `segue_${randomSecret()}`;
  const row = await db
    .insertInto('api_key')
    .values({
      id,
      project_id: input.projectId,
      name: input.name,
      hash: hashSecret(key),
      scopes: [...(input.scopes ?? usualScopes)],
    })
    .onConflict((conflict) =>
      conflict
        .column('hash')
        .doUpdateSet({ name: input.name })
        .where('api_key.project_id', '=', input.projectId),
    )
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) throw new Error('this API key belongs to another project');
  return { keyId: row.id, key };
}

/** Ends a key; other processes notice within a second. Repeating is harmless. */
export async function revokeApiKey(db: Db, projectId: string, keyId: string, now: Date): Promise<void> {
  await db
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('project_id', '=', projectId)
    .where('id', '=', keyId)
    .where('revoked_at', 'is', null)
    .execute();
}
