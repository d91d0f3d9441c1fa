import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import type { EngineDoor } from '#runs/engine-door.ts';
import { isDoubtOverdue } from './business-days.ts';
import { optOutCircle } from './inbound/opt-out-circle.ts';
import { doubtEntry, type DecidedDoubt, type DoubtDecision } from './inbound/doubts.ts';

export interface DoubtDeps {
  db: Db;
  clock: DomainClock;
  engine: Pick<EngineDoor, 'accept'>;
}

interface DoubtRow {
  id: string;
  project_id: string;
  connection_id: string | null;
  from_address: string;
  to_address: string;
  body: string;
  reason: string;
  decision: DoubtDecision | null;
  received_at: Date;
  zone: string;
  /** Every project that reads the number (R117), its own first. */
  projects: string[];
}

const columns = sql`
  m.id, m.project_id, m.connection_id, m.from_address, m.to_address, m.body, m.reason, m.decision, m.received_at,
  (select p.zone from project p where p.id = m.project_id) as zone,
  array(select l.project_id::text from loan l where l.connection_id = m.connection_id
         order by l.project_id = m.project_id desc, l.project_id) as projects
    from inbox_message m`;

/**
 * Decides whether a text in the inbox was a STOP (R41). Answers after the commit: from then on no text
 * leaves, or what was held goes on. The same decision again changes nothing; another one is refused,
 * since the fan may have been told already. On a shared number an opt-out counts everywhere (R117).
 */
export async function decideDoubt(
  deps: DoubtDeps,
  projectId: string,
  messageId: string,
  decision: DoubtDecision,
  by: string,
): Promise<void> {
  const { rows } = await sql<DoubtRow>`
    select ${columns} where m.project_id = ${projectId} and m.id = ${messageId}`.execute(deps.db);
  const [row] = rows;
  if (row === undefined) throw new UserError(404, 'not_found', 'There is no such text.');
  if (row.reason !== 'doubt') throw refuse('no_doubt', 'Nobody doubts what this text means.');
  if (row.decision !== null && row.decision !== decision) throw decidedOtherwise(row.decision);
  if (row.decision === null && !(await decide(deps, row, decision, by))) {
    throw decidedOtherwise(decision === 'opt_out' ? 'not_opt_out' : 'opt_out');
  }
}

/** R41: what nobody decided within five business days was an opt-out. Repeating is harmless. */
export async function settleOldDoubts(deps: DoubtDeps): Promise<void> {
  const { rows } = await sql<DoubtRow>`
    select ${columns} where m.reason = 'doubt' and m.decided_at is null order by m.project_id, m.id`.execute(
    deps.db,
  );
  for (const row of rows) {
    if (!isDoubtOverdue(row.received_at, deps.clock.now(row.project_id), row.zone)) continue;
    await decide(deps, row, 'opt_out', 'system');
  }
}

/** False: somebody decided otherwise at this very moment. */
async function decide(
  { db, engine, clock }: DoubtDeps,
  row: DoubtRow,
  decision: DoubtDecision,
  by: string,
): Promise<boolean> {
  const own = row.project_id;
  const others =
    decision === 'opt_out'
      ? [
          ...(await optOutCircle(db, [own, ...row.projects], row.from_address)),
          ...row.projects.filter((one) => one !== own),
        ]
      : [];
  // Its own project last: a decision that breaks off before it is sent again and finds the others done.
  for (const projectId of [...others, own]) {
    const doubt: DecidedDoubt = {
      messageId: projectId === own ? row.id : null,
      decision,
      by,
      text: {
        providerId: row.id,
        connectionId: row.connection_id ?? '',
        from: row.from_address,
        to: row.to_address,
        body: row.body,
        mediaCount: 0,
        zip: null,
        handled: null,
        isSharedSender: row.projects.length > 1,
        isAnswerer: projectId === own,
      },
    };
    const result = await engine.accept(projectId, doubtEntry(row.id, doubt, clock.now(projectId)));
    if (result.isMismatch) return false;
  }
  return true;
}

function decidedOtherwise(decision: DoubtDecision): UserError {
  const words = decision === 'opt_out' ? 'as an opt-out' : 'as no opt-out';
  return refuse('decided', `This text was decided already, ${words}.`);
}

function refuse(code: string, message: string): UserError {
  return new UserError(422, 'invalid', message, {
    errors: [{ path: 'decision', code, message }],
    rule: 'R41',
  });
}
