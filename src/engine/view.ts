import type { ItemView, OutcomeView } from './contract.ts';
import { engineState, type Item } from './item.ts';
import type { StepResult } from './results.ts';

/** The item as an evaluation of its step at `position` sees it. */
export function toView(item: Item, position: number, now: Date): ItemView {
  const isCurrent = position === item.position;
  const { heldSince } = engineState(item);
  return {
    projectId: item.projectId,
    id: item.id,
    kind: item.kind,
    fanId: item.fanId,
    flowId: item.flowId,
    flowVersionId: item.flowVersionId,
    runId: item.runId,
    position,
    service: item.service,
    data: item.data,
    outcomes: item.outcomes,
    now,
    isPastDeadline: item.deadlineAt !== null && now >= item.deadlineAt,
    deadlineAt: item.deadlineAt,
    heldSince: heldSince === undefined || !isCurrent ? null : new Date(heldSince),
    attempt: isCurrent ? item.attempt : 0,
    isFreshLook: !item.hasFreshFacts,
  };
}

export function toOutcomeView({ position, service, status, reason }: StepResult): OutcomeView {
  return { position, service, status, reason };
}

/** Newer outcomes replace older ones of the same step and service. */
export function withOutcomes(before: readonly OutcomeView[], newer: readonly OutcomeView[]): OutcomeView[] {
  const isReplaced = (old: OutcomeView) =>
    newer.some((one) => one.position === old.position && one.service === old.service);
  return [...before.filter((old) => !isReplaced(old)), ...newer];
}
