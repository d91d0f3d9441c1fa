import type { Tx } from '#db/database.ts';
import type { CancelScope } from '#engine/cancel.ts';
import type { AcceptResult, Entry, NewItem } from '#engine/contract.ts';

/** What the API asks of the engine. */
export interface EngineDoor {
  /** Answers after the commit that holds the event. */
  accept(projectId: string, entry: Entry): Promise<AcceptResult>;
  /** Adds items that no run made; whoever has room takes them up at the commit. */
  addItems(tx: Tx, projectId: string, items: readonly NewItem[]): Promise<void>;
  /** `cancelItems` of the engine. */
  cancelItems(
    tx: Tx,
    projectId: string,
    scope: CancelScope,
    reason: string,
    keepKinds?: readonly string[],
  ): Promise<number>;
  /** Resolves when no worker can still be making a call that it started before. */
  waitForWorkers(): Promise<void>;
}
