import type { Tx } from '#db/database.ts';
import type { NewItem } from './contract.ts';
import { notifyWork } from './gates.ts';
import { insertItems } from './insert-items.ts';

/**
 * Adds items that no run made, in the transaction that is their reason; whoever has room takes them
 * up at the commit. One whose promise another open item holds is not made.
 */
export async function addItems(tx: Tx, projectId: string, items: readonly NewItem[]): Promise<void> {
  if (items.length === 0) return;
  await insertItems(tx, projectId, items, null);
  await notifyWork(tx);
}
