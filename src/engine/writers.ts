import type { Tx } from '#db/database.ts';
import type { LocalWrite, Ports, WriteAnswer } from './contract.ts';
import { must } from './must.ts';

export interface PendingWrite {
  write: LocalWrite;
  fanId: string | null;
  runId: string | null;
  intentId?: string;
  now: Date;
}

/**
 * Hands rows to their writers, one call a writer, writers in name order so that two transactions
 * lock their tables in the same order. Answers come back in the order of `pending`.
 */
export async function runWriters(
  tx: Tx,
  writers: Ports['writers'],
  projectId: string,
  pending: readonly PendingWrite[],
): Promise<(WriteAnswer | undefined)[]> {
  const answers: (WriteAnswer | undefined)[] = Array.from({ length: pending.length });
  const byWriter = Map.groupBy(pending.keys(), (index) => must(pending[index]).write.writer);
  const writings = [...byWriter.keys()].sort().map(async (name) => {
    const writer = writers[name];
    if (writer === undefined) throw new Error(`no writer is called ${name}`);
    const indexes = must(byWriter.get(name));
    const given = await writer(
      tx,
      projectId,
      indexes.map((index) => {
        const { write, ...rest } = must(pending[index]);
        return { row: write.row, ...rest };
      }),
    );
    if (given) indexes.forEach((index, at) => (answers[index] = given[at]));
  });
  // Each has sent its first statement, in that order; one wait for the answers of all.
  await Promise.all(writings);
  return answers;
}
