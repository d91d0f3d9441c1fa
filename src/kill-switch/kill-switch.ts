import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { isSendingStopped } from '#fans/is-sending-stopped.ts';

/**
 * Stops all sending of a project, or allows it again. From the commit on no message is committed to; what
 * waits is held as `sending_stopped` and looked at again when the switch is moved back. STOP, START and
 * HELP are answered all the same (R112), and saves, which are the fan's own, go on. False: it stood so
 * already, and nothing is written.
 */
export async function setSending(
  db: Db,
  projectId: string,
  { isStopped, actor }: { isStopped: boolean; actor: string },
): Promise<boolean> {
  return transaction(db, async (tx) => {
    // Two who press at once: the second finds what the first did.
    await tx.selectFrom('project').select('id').where('id', '=', projectId).forUpdate().execute();
    if ((await isSendingStopped(tx, projectId)) === isStopped) return false;
    await writeAudit(tx, projectId, {
      actor,
      action: isStopped ? 'sending.stopped' : 'sending.resumed',
      subject: `project:${projectId}`,
    });
    await signal(tx, projectId, [{ key: gateKeys.project, closed: isStopped }]);
    return true;
  });
}
