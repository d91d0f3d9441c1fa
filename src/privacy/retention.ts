import { sql } from 'kysely';
import type { Db } from '#db/database.ts';

/** Rows a statement: no lock is held for long. */
const bite = 2_000;

/**
 * R119: of the living, words of messages and the network address behind a consent are kept for so many
 * months of the project's own clock as it has set (13 unless changed), the log for five years. Repeating is
 * harmless; a run that is cut short goes on with the next.
 */
export async function keepRetention(db: Db): Promise<void> {
  const { rows } = await sql<{ id: string; words_since: Date; proof_since: Date }>`
    select p.id,
           now() + make_interval(secs => coalesce(c.offset_ms, 0) / 1000.0) - make_interval(months => p.body_months) as words_since,
           now() + make_interval(secs => coalesce(c.offset_ms, 0) / 1000.0) - make_interval(months => p.proof_months) as proof_since
      from project p left join project_clock c on c.project_id = p.id`.execute(db);
  for (const { id, words_since: wordsSince, proof_since: proofSince } of rows) {
    await untilNone(() => dropSentWords(db, id, wordsSince));
    await untilNone(() => dropReceivedWords(db, id, wordsSince));
    await untilNone(() => dropEventWords(db, id, wordsSince));
    await dropProof(db, id, proofSince);
  }
  await sql`delete from audit_entry where at < now() - interval '5 years'`.execute(db);
}

async function untilNone(drop: () => Promise<bigint>): Promise<void> {
  while ((await drop()) > 0n);
}

async function dropSentWords(db: Db, projectId: string, since: Date): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    update intent set payload = ''
     where (project_id, id) in (
       select project_id, id from intent
        where project_id = ${projectId} and sent_at < ${since} and octet_length(payload) > 0 and state <> 'open'
        limit ${bite})`.execute(db);
  return numAffectedRows;
}

/** A doubt that nobody has decided is still read. */
async function dropReceivedWords(db: Db, projectId: string, since: Date): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    update inbox_message set body = ''
     where (project_id, id) in (
       select project_id, id from inbox_message
        where project_id = ${projectId} and received_at < ${since} and body <> ''
          and (reason <> 'doubt' or decided_at is not null) limit ${bite})`.execute(db);
  return numAffectedRows;
}

/** What a fan wrote is in the event, too; a keyword that matched is a name, not a message. */
async function dropEventWords(db: Db, projectId: string, since: Date): Promise<bigint> {
  const { numAffectedRows = 0n } = await sql`
    update event set subject = subject - 'text' - 'body'
     where (project_id, id) in (
       select project_id, id from event
        where project_id = ${projectId} and occurred_at < ${since} and subject ?| array['text', 'body']
        limit ${bite})`.execute(db);
  return numAffectedRows;
}

async function dropProof(db: Db, projectId: string, since: Date): Promise<void> {
  await sql`
    update consent set source = source - 'networkAddress' - 'userAgent'
     where project_id = ${projectId} and granted_at < ${since}
       and source ?| array['networkAddress', 'userAgent']`.execute(db);
}
