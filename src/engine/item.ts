import type { JsonObject, NewItem, OutcomeView } from './contract.ts';

/** An open intent found on a claimed item: a call that may have been made. */
export interface OpenIntent {
  id: string;
  position: number;
  service: string;
  effect: string;
  key: string;
  payload: Buffer;
  attempt: number;
  account: string | null;
  credits: number;
  /** Age by the database's clock when the item was claimed, and when that was by ours. */
  ageMs: number;
  readAtMs: number;
  createdAt: Date;
  /** Domain time of the reservation. */
  sentAt: Date;
}

/** A work item in the hands of this process. */
export interface Item {
  projectId: string;
  id: string;
  kind: string;
  fanId: string | null;
  flowId: string | null;
  flowVersionId: string | null;
  runId: string | null;
  position: number;
  service: string;
  priority: number;
  deadlineAt: Date | null;
  attempt: number;
  worker: string;
  lease: number;
  cancel: string | null;
  data: ItemData;
  outcomes: OutcomeView[];
  intents: OpenIntent[];
  /** Requirements were read since the item was taken up and nothing said that they moved. */
  hasFreshFacts: boolean;
}

/** What the engine itself keeps in an item's `data`, beside what the product put there. */
export interface EngineState {
  /** Services of this step that are settled already, while others are tried again. */
  settled?: string[];
  /** Domain time, ISO. */
  heldSince?: string;
  /** Evaluations in a row that a dead credential threw back. */
  reconnects?: number;
}

export type ItemData = JsonObject & { engine?: EngineState & JsonObject };

export function engineState(item: Item): EngineState {
  return item.data.engine ?? {};
}

/** The item as it is held right after it was inserted, leased to `worker`. */
function leasedItem(projectId: string, id: string, item: NewItem, worker: string): Item {
  return {
    projectId,
    id,
    kind: item.kind,
    fanId: item.fanId,
    flowId: item.flowId ?? null,
    flowVersionId: item.flowVersionId ?? null,
    runId: item.runId ?? null,
    position: item.position ?? 0,
    service: item.service ?? '',
    priority: item.priority,
    deadlineAt: item.deadlineAt ?? null,
    attempt: 0,
    worker,
    lease: 1,
    cancel: null,
    data: item.data,
    outcomes: [],
    intents: [],
    hasFreshFacts: false,
  };
}

/** Those of the items just inserted that were leased to this process. */
export function bornLeased(
  projectId: string,
  inserted: readonly { id: string; item: NewItem; isLeased: boolean }[],
  worker: string | null,
): Item[] {
  if (worker === null) return [];
  return inserted.flatMap(({ id, item, isLeased }) =>
    isLeased ? [leasedItem(projectId, id, item, worker)] : [],
  );
}
