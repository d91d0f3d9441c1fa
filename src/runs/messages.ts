import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { Sealer } from '#lib/seal.ts';
import type { RunMessage } from './contract.ts';
import { viewRun } from './view.ts';

interface Row extends Omit<RunMessage, 'body' | 'sentAt'> {
  sentAt: Date;
  payload: Buffer;
}

/**
 * What a run sent, opened: nothing where it sent nothing, or where it is no longer kept. 404 when the
 * project has no such run.
 */
export async function readRunMessages(
  { db, sealer }: { db: Db; sealer: Pick<Sealer, 'unseal'> },
  projectId: string,
  runId: string,
): Promise<{ items: (Omit<Row, 'payload'> & { body: string | null })[] }> {
  await viewRun(db, projectId, runId);
  const { rows } = await sql<Row>`
    select m.id, i.position, m.channel, m.sender as "from", m.address as "to", m.parts, i.credits,
           m.sent_at as "sentAt", i.state, i.attempt, i.provider_id as "providerId", i.payload
      from intent i join message m on m.project_id = i.project_id and m.id = i.id
     where i.project_id = ${projectId} and i.run_id = ${runId} order by m.sent_at, m.id`.execute(db);
  return { items: rows.map(({ payload, ...row }) => ({ ...row, body: bodyOf(sealer, payload) })) };
}

function bodyOf(sealer: Pick<Sealer, 'unseal'>, payload: Buffer): string | null {
  try {
    const { body } = JSON.parse(sealer.unseal(payload)) as { body?: unknown }; // As: we sealed an object
    return typeof body === 'string' ? body : null;
  } catch {
    // Sealed with a key that is no longer here: the rest is worth showing.
    return null;
  }
}
