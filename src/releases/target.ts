import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition, StreamingAction } from '#connectors/connector.ts';
import type { GateRead, ItemView, NewItem } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { StepPolicy } from '#steps/step.ts';
import type { ReleaseWork } from './works.ts';

const definitions: readonly ConnectorDefinition[] = connectors;
const hourMs = 60 * 60_000;
/** A wish that is no pre-save waits this long for its fan. */
const patienceMs = 30 * 24 * hourMs;

/** One streaming step for one fan: what is wanted, and what it rests on. */
export interface Target {
  view: ItemView;
  facts: FanFacts;
  policy: StepPolicy;
  action: StreamingAction;
  /** Any of these allows it (R100). */
  purposes: readonly FanFacts['purposes'][number][];
  /** The work's id on each service that has it. */
  serviceIds: ReadonlyMap<string, string>;
  /** Without the service; the part's own is appended. */
  promise: string;
  /** Domain time after which waiting is over. */
  deadlineAt: Date;
  /** Gates a deferred part waits on: only those that may make it possible, or end it. */
  waitGates: readonly GateRead[];
  /** Gates that a call or an outcome rests on. */
  actGates: readonly GateRead[];
  /** A wish for a release may end as a reminder, or at the artist's own page (R63, R102). */
  release: ReleaseWork | null;
  isPresave: boolean;
  /** The item that sends the reminder and moves this outcome on to `reminded`; null: nobody does. */
  remind: (service: string) => NewItem | null;
}

/** Whether the service can do this at all, for whatever work. */
export function canDo(service: string, action: StreamingAction): boolean {
  return definitions.find(({ id }) => id === service)?.actions.includes(action) ?? false;
}

export function isPurposeGiven({ facts, purposes }: Pick<Target, 'facts' | 'purposes'>): boolean {
  return purposes.some((wanted) =>
    facts.purposes.some((given) => given.kind === wanted.kind && given.targetId === wanted.targetId),
  );
}

/**
 * When waiting ends: what the item was promised, the artist's own number of hours, or the default
 * of the step.
 */
export function deadlineOf(view: ItemView, policy: StepPolicy, usual: Date | null): Date {
  if (view.kind !== 'run' && view.deadlineAt !== null) return view.deadlineAt;
  if (policy.deadlineHours !== null) return new Date(view.now.getTime() + policy.deadlineHours * hourMs);
  return usual !== null && usual > view.now ? usual : new Date(view.now.getTime() + patienceMs);
}

/** Deferred parts wait on what the fan links and on the flow's end, not on its pause (R9). */
export function gatesOf(view: ItemView, facts: FanFacts, extra: readonly GateRead[]) {
  const read = (keys: readonly string[]) => keys.flatMap((key) => facts.gates.get(key) ?? []);
  const { flowId, kind } = view;
  const deleted = flowId === null ? [] : [gateKeys.flowDeleted(flowId)];
  const paused = flowId === null || kind !== 'run' ? [] : [gateKeys.flow(flowId)];
  const waitGates = [...read([gateKeys.streaming(facts.fanId), ...deleted]), ...extra];
  return { waitGates, actGates: [...waitGates, ...read([gateKeys.project, ...paused])] };
}

/** Some channel on which a reminder may be sent (R102). */
export function hasConsent(facts: FanFacts): boolean {
  return facts.consents.some(({ activeAt }) => activeAt !== null);
}
