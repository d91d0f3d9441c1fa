import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/**
 * What the fakes of a project's connections were told of these addresses: texts, mails, blocks. Ids of the
 * fakes' own people stay: they are nobody's.
 */
export async function eraseFromSandbox(
  tx: Tx,
  projectId: string,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) return;
  await sql`
    delete from sandbox.entry e using loan l
     where l.project_id = ${projectId} and e.connection_id = l.connection_id
       and exists (select from unnest(${[...addresses]}::text[]) a
                    where strpos(e.value, a) > 0 or strpos(e.id, a) > 0 or strpos(e.collection, a) > 0)`.execute(
    tx,
  );
}
