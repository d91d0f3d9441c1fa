import { sql } from 'kysely';
import { asJson } from './as-json.ts';
import { sendOnly, type Tx } from '#db/database.ts';
import type { GateRead } from './contract.ts';
import { hasMoved } from './gates.ts';
import { addWaits } from './insert-items.ts';
import type { Item, ItemData } from './item.ts';

/** Where an item goes after a round. */
export type Next =
  /** On to `position`, in the same hands; the same position again keeps what is settled already. */
  | { kind: 'advance'; position: number; data: ItemData | null }
  | {
      kind: 'park';
      /** Domain time; null: at once, as far as `afterMs` and `lane` allow. */
      dueAt: Date | null;
      /** Database time from the commit on. */
      afterMs: number | null;
      lane: string;
      waitOn: readonly GateRead[];
      attempt: number;
      data: ItemData;
      /** Some part waits without showing it: what the record says of it must stay. */
      isSilent: boolean;
    }
  | { kind: 'end'; state: 'ended' | 'cancelled' };

export interface Move {
  item: Item;
  next: Next;
}

/**
 * The fence: locks, in id order, the items that are still leased as this process believes, and
 * says of each why it is cancelled, or null. What is not in the answer is somebody else's.
 */
export async function holdLeases(
  tx: Tx,
  projectId: string,
  items: readonly Item[],
): Promise<Map<string, string | null>> {
  const believed = new Map(items.map((item) => [item.id, item]));
  const { rows } = await sql<{ id: string; cancel: string | null; lease: number; worker: string | null }>`
    select id, cancel, lease, worker from work
     where project_id = ${projectId} and id = any(${[...believed.keys()].sort()})
     order by id for no key update`.execute(tx);
  // What is not leased has no worker.
  const held = rows.filter(({ id, lease, worker }) => {
    const item = believed.get(id);
    return item?.lease === lease && item.worker === worker;
  });
  return new Map(held.map((row) => [row.id, row.cancel]));
}

/** Moves the cursor, parks or ends items whose leases the transaction holds. */
export async function moveItems(
  tx: Tx,
  projectId: string,
  moves: readonly Move[],
  moved: ReadonlySet<string>,
): Promise<void> {
  const ended = moves.filter(({ next }) => next.kind === 'end').map(({ item }) => item.id);
  const rows = moves.flatMap((move) => moveRow(move, moved));
  if (rows.length > 0) {
    const byId = Object.fromEntries(rows.map((row) => [row.id, row]));
    const moving = sql`
      update work w set (position, state, worker, due_at, not_before, lane, attempt, data) = (
        select m.position, m.state, case when m.state = 1 then w.worker end, coalesce(m.due_at, w.due_at),
               now() + m.after_ms * interval '1 millisecond', m.lane, m.attempt, coalesce(m.data, w.data)
          from jsonb_to_record(${asJson(byId)}::jsonb -> w.id::text)
               as m(position smallint, state smallint, due_at timestamptz, after_ms float8, lane text,
                    attempt integer, data jsonb))
       where w.project_id = ${projectId} and w.id = any(${Object.keys(byId)})`;
    await sendOnly(tx, moving.execute(tx));
    await addWaits(
      tx,
      projectId,
      moves.flatMap((move) => waitsOf(move, moved)),
    );
  }
  if (ended.length > 0) {
    const ending = sql`delete from work where project_id = ${projectId} and id = any(${ended})`;
    await sendOnly(tx, ending.execute(tx));
  }
}

interface MoveRow {
  id: string;
  position: number;
  state: 0 | 1;
  due_at: Date | '-infinity' | null;
  after_ms: number | null;
  lane: string;
  attempt: number;
  data: ItemData | null;
}

function moveRow({ item, next }: Move, moved: ReadonlySet<string>): MoveRow[] {
  if (next.kind === 'end') return [];
  if (next.kind === 'advance') {
    const { position, data } = next;
    return [{ id: item.id, position, state: 1, due_at: null, after_ms: null, lane: '', attempt: 0, data }];
  }
  const isReady = hasMoved(moved, next.waitOn);
  return [
    {
      id: item.id,
      position: item.position,
      state: 0,
      due_at: isReady ? '-infinity' : (next.dueAt ?? '-infinity'),
      after_ms: isReady ? null : next.afterMs,
      lane: next.lane,
      attempt: next.attempt,
      data: next.data,
    },
  ];
}

function waitsOf({ item, next }: Move, moved: ReadonlySet<string>) {
  if (next.kind !== 'park' || hasMoved(moved, next.waitOn)) return [];
  return next.waitOn.map((gate) => ({ key: gate.key, work_id: item.id }));
}
