import type { Db, Tx } from '#db/database.ts';
import { newId } from '#lib/ids.ts';

export interface AuditEntry {
  /** `key:ID`, `person:ID`, `system`. */
  actor: string;
  /** `flow.activated`. */
  action: string;
  /** `flow:ID`. */
  subject: string;
  before?: unknown;
  after?: unknown;
}

/**
 * Writes who did what, in the transaction that does it (R90). Entries are never altered. What concerns an
 * account as a whole (members, people) is kept under the account's id, and read with each of its projects.
 */
export async function writeAudit(tx: Db | Tx, projectId: string, entry: AuditEntry): Promise<void> {
  await tx
    .insertInto('audit_entry')
    .values({
      project_id: projectId,
      id: newId(),
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      before: entry.before === undefined ? null : JSON.stringify(entry.before),
      after: entry.after === undefined ? null : JSON.stringify(entry.after),
    })
    .execute();
}
