import { transaction, type Db } from '#db/database.ts';
import { decodeCursor, toPage } from '#lib/cursor.ts';
import { UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';
import { writeAudit } from './audit.ts';
import type { ProjectChange, ProjectView } from './contract.ts';

const columns = [
  'id',
  'name',
  'slug',
  'is_live as isLive',
  'programme',
  'legal_sender as legalSender',
  'contact',
  'postal_address as postalAddress',
  'zone',
  'countries',
  'monthly_cap as monthlyCap',
  'all_channels_cap as allChannelsCap',
  'answers_unmatched as answersUnmatched',
  'created_at as createdAt',
] as const;

/** Projects of one account, newest first. */
export async function listProjects(
  db: Db,
  accountId: string,
  page: { limit: number; cursor?: string | undefined },
) {
  const before = decodeCursor(page.cursor);
  const rows = await db
    .selectFrom('project')
    .select(columns)
    .where('account_id', '=', accountId)
    .$if(before !== null, (query) => query.where('id', '<', before))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute();
  return toPage(rows, page.limit);
}

/** 404 for what is not the caller's: a key's one project, a person's account (R88). */
export async function getProject(db: Db, caller: Caller, id: string): Promise<ProjectView> {
  const isOwn = caller.kind === 'session' || caller.projectId === id;
  const row = isOwn
    ? await db
        .selectFrom('project')
        .select(columns)
        .where('id', '=', id)
        .where('account_id', '=', caller.accountId)
        .executeTakeFirst()
    : undefined;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such project.');
  return row;
}

/** Changes what is named. Whoever keeps the project's facts forgets them afterwards. */
export async function updateProject(
  db: Db,
  caller: Caller,
  id: string,
  change: ProjectChange,
): Promise<ProjectView> {
  await getProject(db, caller, id);
  return transaction(db, async (tx) => {
    await tx.selectFrom('project').select('id').where('id', '=', id).forUpdate().execute();
    const before = await getProject(tx, caller, id);
    const { legalSender, postalAddress, monthlyCap, allChannelsCap, answersUnmatched, ...same } = change;
    const set = {
      ...same,
      ...(legalSender !== undefined && { legal_sender: legalSender }),
      ...(postalAddress !== undefined && { postal_address: postalAddress }),
      ...(monthlyCap !== undefined && { monthly_cap: monthlyCap }),
      ...(allChannelsCap !== undefined && { all_channels_cap: allChannelsCap }),
      ...(answersUnmatched !== undefined && { answers_unmatched: answersUnmatched }),
    };
    if (Object.keys(set).length === 0) return before;
    await tx.updateTable('project').set(set).where('id', '=', id).execute();
    const after = await getProject(tx, caller, id);
    const entry = { actor: caller.actor, action: 'project.edited', subject: `project:${id}` };
    await writeAudit(tx, id, { ...entry, ...difference(before, after) });
    return after;
  });
}

/** Only what changed: an entry is read by people. */
function difference<T extends object>(before: T, after: T): { before: Partial<T>; after: Partial<T> } {
  // As: keys of the very object.
  const changed = (Object.keys(after) as (keyof T)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const pick = (from: T) => Object.fromEntries(changed.map((name) => [name, from[name]])) as Partial<T>;
  return { before: pick(before), after: pick(after) };
}
