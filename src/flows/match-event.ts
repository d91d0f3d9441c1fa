import { type Candidate, type JsonObject, priority } from '#engine/contract.ts';
import type { StepId } from '#steps/index.ts';
import type { FlowTrigger } from './contract.ts';
import { stepDefinition, triggerDefinition } from './definition.ts';
import type { ActiveFlow, FlowIndex } from './flow-index.ts';

/**
 * The flows that an event starts, at most one of each trigger (R20), wherever it came from: a page, an
 * embed, a link, the API and another flow's step raise the same events (R2, R3).
 */
export function matchEvent(index: FlowIndex, type: string, subject: JsonObject): Candidate[] {
  if (type === 'sms.keyword') return matchKeyword(index, subject);
  if (type === 'instagram.message') return matchMessage(index, subject);
  return index
    .hearing(type, subject)
    .filter((flow) => mayStart(flow, subject))
    .map(candidate);
}

function matchKeyword(index: FlowIndex, { keyword, connectionId }: JsonObject): Candidate[] {
  if (typeof keyword !== 'string') return [];
  // A program that means a keyword can spell it: slips are forgiven to phones only.
  const keywords = index.keywords(typeof connectionId === 'string' ? connectionId : null);
  const found = keywords.match(keyword, { near: false });
  return found === null ? [] : [candidate(found.value)];
}

/** It opens no 24 hours: an event is never the fan's own message (R96). */
function matchMessage(index: FlowIndex, { text, connectionId }: JsonObject): Candidate[] {
  if (typeof text !== 'string') return [];
  const place = { connectionId: typeof connectionId === 'string' ? connectionId : null, mediaId: null };
  const found = index.social('instagram-dm')(text, place, { near: false });
  return found === null ? [] : [candidate(found.flow)];
}

const sendingGroups: ReadonlySet<string> = new Set(['messaging', 'social']);

/** As: the steps, the trigger and its config passed their schemas when the flow was saved. */
function mayStart({ trigger, steps }: ActiveFlow, subject: JsonObject): boolean {
  const isSending = steps.some(({ step }) => sendingGroups.has(stepDefinition(step as StepId).group));
  const definition = triggerDefinition(trigger as FlowTrigger);
  return definition.mayStart?.(trigger.config as never, { subject, isSending }) ?? true;
}

function candidate({ flowId, flowVersionId, reentry }: ActiveFlow): Candidate {
  return { flowId, flowVersionId, reentry, priority: priority.flow, data: {} };
}
