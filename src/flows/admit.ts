import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import type { FlowIndex, FlowIndexes } from './flow-index.ts';

interface Admitted {
  entry: Entry;
  eventId: string;
}

/** Admits the entries of one kind, in the accepting transaction, in order. */
export type Admitter = (
  tx: Tx,
  projectId: string,
  index: FlowIndex,
  entries: readonly Admitted[],
  now: Date,
) => Promise<Admission[]>;

export interface Admitters {
  /** Which kind an entry is of. */
  kindOf(entry: Entry): string;
  byKind: Readonly<Record<string, Admitter>>;
  /** Comes before them all: what must be in force when they decide. Answers with the entries to admit. */
  prepare?: (tx: Tx, projectId: string, entries: readonly Admitted[]) => Promise<readonly Admitted[]>;
}

/**
 * The engine's `admit`: holds the flows of the project as they are, and hands each kind of entry to
 * its admitter as one batch.
 */
export function createAdmit(indexes: FlowIndexes, admitters: Admitters) {
  return async (tx: Tx, projectId: string, brought: readonly Admitted[], now: Date): Promise<Admission[]> => {
    const index = await indexes.held(tx, projectId);
    const entries = (await admitters.prepare?.(tx, projectId, brought)) ?? brought;
    const admissions: Admission[] = Array.from({ length: entries.length });
    const groups = Map.groupBy(entries.entries(), ([, { entry }]) => admitters.kindOf(entry));
    // In name order: two transactions meet the fans of a channel in the same order.
    for (const [kind, group] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const admitter = admitters.byKind[kind];
      if (admitter === undefined) throw new Error(`nobody admits ${kind}`);
      const admitted = await admitter(
        tx,
        projectId,
        index,
        group.map(([, one]) => one),
        now,
      );
      admitted.forEach((admission, order) => {
        const at = group[order]?.[0];
        if (at !== undefined) admissions[at] = admission;
      });
    }
    return admissions;
  };
}
