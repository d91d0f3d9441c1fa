import type { Tx } from '#db/database.ts';

/**
 * What the engine and the product say to each other. The engine knows work items, gates, lanes and
 * effects; what a step means, whom it reaches and through which provider is behind these types.
 */

/** Plain JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

// ---------------------------------------------------------------- gates

/** A gate as it stood when a requirement was read; 0 and open when it has no row yet. */
export interface GateRead {
  key: string;
  seq: number;
  closed: boolean;
}

// ---------------------------------------------------------------- items

/** Compliance before direct replies before flows before bulk, inside a lane. */
export const priority = { compliance: 0, reply: 1, flow: 2, bulk: 3 } as const;

export interface NewItem {
  id?: string;
  kind: string;
  fanId: string | null;
  flowId?: string | null;
  flowVersionId?: string | null;
  runId?: string | null;
  position?: number;
  service?: string;
  priority: number;
  /** Domain time. */
  dueAt: Date;
  /** Domain time; the item is looked at then at the latest. */
  deadlineAt?: Date | null;
  /** Two open items may not carry the same promise: the later one is not made. */
  promise?: string;
  /** Wakes the item when one of these moves; as read together with the requirement. */
  waitOn?: readonly GateRead[];
  data: JsonObject;
}

/** An outcome of an earlier step, as later steps and templates see it. */
export interface OutcomeView {
  position: number;
  service: string;
  status: OutcomeStatus;
  reason: string | null;
}

export type OutcomeStatus = 'running' | 'done' | 'skipped' | 'held' | 'deferred' | 'failed' | 'unknown';

/** What an evaluation is told about the item at hand. */
export interface ItemView {
  projectId: string;
  id: string;
  kind: string;
  fanId: string | null;
  flowId: string | null;
  flowVersionId: string | null;
  runId: string | null;
  position: number;
  service: string;
  data: JsonObject;
  outcomes: readonly OutcomeView[];
  /** Domain time of this look. */
  now: Date;
  /** The item's deadline has passed: a verdict that still waits becomes a skip with its reason. */
  isPastDeadline: boolean;
  deadlineAt: Date | null;
  /** Domain time since which this step is held; null when it is not. */
  heldSince: Date | null;
  attempt: number;
  /**
   * First look after the item was taken up, or after its facts moved: read anew. Otherwise facts read
   * for an earlier step may serve again, since acting on them checks their gates.
   */
  isFreshLook: boolean;
}

// ---------------------------------------------------------------- verdicts

/** A row for a set-based writer, committed with the outcome it belongs to: exactly once. */
export interface LocalWrite {
  writer: string;
  row: JsonObject;
}

/** Raised in the same commit; carries the chain of the run that caused it. */
export interface CausedEvent {
  type: string;
  subject: JsonObject;
  /** Distinguishes several events of one step. */
  key?: string;
}

export interface LaneCharge {
  id: string;
  cost: number;
  rate: { count: number; periodMs: number; burst: number };
}

interface Consequences {
  writes?: readonly LocalWrite[];
  events?: readonly CausedEvent[];
  /** New items; the first may keep moving this outcome (`tracks`). */
  items?: readonly NewItem[];
  /** The outcome's reason will still advance with this item. */
  tracks?: string;
}

/** What a call costs. */
export interface Credits {
  account: string;
  amount: number;
  /** R85: it costs nothing and is never refused, but counts in the day's budget. */
  isFree?: boolean;
}

export type Verdict =
  | ({ kind: 'done'; reason?: string; detail?: string } & Consequences)
  | ({ kind: 'skip'; reason: string; detail?: string } & Consequences)
  | { kind: 'hold'; reason: string; until?: Date }
  | {
      kind: 'defer';
      reason: string;
      /** Domain time. */
      deadlineAt: Date;
      until?: Date;
      promise: string;
      waitingFor: string;
    }
  | {
      kind: 'call';
      effect: string;
      payload: JsonObject;
      lanes: readonly LaneCharge[];
      /** Reserved with the intent, charged with the outcome. */
      credits?: Credits;
      /** Committed with the intent. */
      writes?: readonly LocalWrite[];
      /** Domain time after which a retry is pointless. */
      giveUpAt: Date;
    };

/** One service's share of a step; '' where a step has only one. */
export interface Part {
  service: string;
  verdict: Verdict;
  /** Everything the verdict rests on: checked again where it is acted upon. */
  gates: readonly GateRead[];
  /**
   * Keys among `gates` that the intent itself moves, because it changes the fact (a message counts
   * towards the next one's cap): of two such intents read from the same state only one is committed.
   */
  moves?: readonly string[];
}

// ---------------------------------------------------------------- effects

export interface EffectContext {
  projectId: string;
  fanId: string | null;
  /** Stable over all attempts of one effect. */
  key: string;
  /** The intent, where the class has one. */
  intentId: string | null;
  attempt: number;
  now: Date;
  signal: AbortSignal;
  /** Whether this process may still act; asked again when the first byte is about to leave. */
  mayLeave: () => boolean;
}

/** What a call did. */
export interface EffectResult extends Consequences {
  reason?: string;
  detail?: string;
  providerId?: string;
}

/**
 * A call to the outside, classed by what a repeat would do: `repeatable` changes nothing;
 * `keyed` is recognised by the provider for `windowMs`; `once` would reach the fan twice.
 */
export interface Effect {
  class: 'repeatable' | 'keyed' | 'once';
  windowMs?: number;
  /** Performs from the payload alone. Throws one of the connector errors. */
  perform(context: EffectContext, payload: JsonObject): Promise<EffectResult>;
  /**
   * Finds out whether an unsure call was carried out; null: certainly not. Throws `RetryLater` when it
   * cannot tell now, `Unsure` when it never will.
   */
  settle?(context: EffectContext, payload: JsonObject, since: Date): Promise<EffectResult | null>;
  /** Facts learned from a refusal; `lookAgain` evaluates the step anew in their light. */
  onRefused?(
    context: EffectContext,
    payload: JsonObject,
    skip: string | undefined,
  ): { writes: readonly LocalWrite[]; lookAgain: boolean };
}

/**
 * Writes many rows of one project in one or two statements, in key order. May answer per row:
 * a reason that replaces the outcome's, and whether the outcome's events are still to be raised.
 */
export type Writer = (
  tx: Tx,
  projectId: string,
  rows: readonly WriterRow[],
) => Promise<(WriteAnswer | undefined)[] | void>;

export interface WriterRow {
  row: JsonObject;
  fanId: string | null;
  runId: string | null;
  /** Of the call that the row is committed with; absent where the row goes with an outcome. */
  intentId?: string;
  now: Date;
}

export interface WriteAnswer {
  reason?: string;
  dropEvents?: boolean;
}

// ---------------------------------------------------------------- accepting

export interface Entry {
  source: string;
  key: string;
  type: string;
  /** Equal for equal events; a repeat of the key with another one is a mistake of the caller. */
  fingerprint: string;
  occurredAt: Date;
  payload: JsonObject;
  /** Flows already visited on the way to this event. */
  chain?: readonly string[];
  /** The first event of the chain. */
  rootEventId?: string;
}

export interface Candidate {
  flowId: string;
  flowVersionId: string;
  reentry: { policy: 'once' | 'cooldown' | 'always'; seconds?: number };
  priority: number;
  data: JsonObject;
}

export interface Admission {
  fanId: string | null;
  /** The event as stored; a raw text may become a keyword event. */
  type: string;
  subject: JsonObject;
  candidates: readonly Candidate[];
  ignored?: readonly { flowId: string; reason: string }[];
  items?: readonly NewItem[];
  /** Further events that this one is the cause of, accepted in the same commit; of the same fan. */
  raises?: readonly CausedEvent[];
  /** Kept with the event and given to every caller, the first and the repeats. */
  extra?: JsonObject;
}

export interface AcceptResult {
  eventId: string;
  duplicate: boolean;
  /** The key was used for a different event. */
  isMismatch: boolean;
  fanId: string | null;
  runs: string[];
  ignored: { flowId: string; reason: string }[];
  extra: JsonObject;
}

// ---------------------------------------------------------------- ports

export interface PlanStep {
  step: string;
  stopOnFailure: boolean;
}

/** The steps of one immutable flow version. */
export interface Plan {
  steps: readonly PlanStep[];
}

export interface Ports {
  /** Cached by the product: versions never change. */
  plan(projectId: string, flowVersionId: string): Promise<Plan>;
  /** Reads requirements; changes nothing. */
  evaluate(view: ItemView): Promise<Part[]>;
  /** Resolves fans, keeps their facts and matches flows, inside the accepting transaction. */
  admit(
    tx: Tx,
    projectId: string,
    entries: readonly { entry: Entry; eventId: string }[],
    now: Date,
  ): Promise<Admission[]>;
  effects: Readonly<Record<string, Effect>>;
  writers: Readonly<Record<string, Writer>>;
  /** Payloads of intents hold what a fan reads: sealed at rest. */
  seal(text: string): Buffer;
  unseal(sealed: Buffer): string;
}
