import type { ItemView, Part, Plan } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import type { FactsLoader } from '#fans/facts-loader.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { stepServers } from '#steps/server.ts';
import type { StepId } from '#steps/index.ts';
import type { StepContext, StepPolicy } from '#steps/step.ts';
import type { FlowVersions, VersionStep } from './versions.ts';

/** What the features offer to steps, for one item and one fan's facts. */
export interface Capabilities {
  streaming(view: ItemView, policy: StepPolicy, facts: FanFacts): StepContext['streaming'];
  segments: StepContext['segments'];
  texts(view: ItemView, policy: StepPolicy, facts: FanFacts): StepContext['texts'];
  emails(view: ItemView, facts: FanFacts): StepContext['emails'];
  directMessages(view: ItemView, policy: StepPolicy, facts: FanFacts): StepContext['directMessages'];
  /** Items that are no steps of a run: a scheduled save and the look after it, an answer of the system. */
  save(view: ItemView, facts: FanFacts): Promise<Part[]>;
  send(view: ItemView, facts: FanFacts): Promise<Part[]>;
}

export interface EvaluateDeps {
  versions: FlowVersions;
  facts: FactsLoader;
  capabilities: Capabilities;
}

/** A run waits this long for a paused flow, then its held step is over (R9, R47). */
const longestHoldMs = 36 * 60 * 60_000;

/** Steps of a version, for the engine's cursor. */
export async function planOf(versions: FlowVersions, projectId: string, versionId: string): Promise<Plan> {
  const { steps } = await versions.get(projectId, versionId);
  return { steps };
}

/** Reads the requirements of an item's current step and says what is to be done. Changes nothing. */
export async function evaluateItem(deps: EvaluateDeps, view: ItemView): Promise<Part[]> {
  if (view.fanId === null) return gone(view);
  const facts = await deps.facts.load(view.projectId, view.fanId, view.flowId, view.isFreshLook);
  if (facts === undefined) return gone(view);
  if (view.kind === 'save' || view.kind === 'read-back') return deps.capabilities.save(view, facts);
  if (view.kind === 'send') return deps.capabilities.send(view, facts);
  const step = await stepOf(deps.versions, view);
  return flowStop(view, facts) ?? evaluateStep(deps.capabilities, view, facts, step);
}

/** The fan was erased: nothing is done for nobody. */
function gone(view: ItemView): Part[] {
  return [{ service: view.service, verdict: { kind: 'skip', reason: 'erased' }, gates: [] }];
}

async function stepOf(versions: FlowVersions, view: ItemView): Promise<VersionStep> {
  const version = await versions.get(view.projectId, view.flowVersionId ?? '');
  const step = version.steps[view.position - 1];
  if (step === undefined) throw new Error(`flow version ${view.flowVersionId} has no step ${view.position}`);
  return step;
}

/**
 * A paused flow holds its runs where they are; what was deferred already is the fan's and goes on
 * (R9). A deleted flow ends both (R11).
 */
function flowStop(view: ItemView, facts: FanFacts): Part[] | null {
  if (view.flowId === null) return null;
  const deleted = facts.gates.get(gateKeys.flowDeleted(view.flowId));
  if (deleted?.closed) {
    return [{ service: view.service, verdict: { kind: 'skip', reason: 'flow_deleted' }, gates: [deleted] }];
  }
  const paused = facts.gates.get(gateKeys.flow(view.flowId));
  if (!paused?.closed || view.kind !== 'run') return null;
  const since = view.heldSince ?? view.now;
  const until = new Date(since.getTime() + longestHoldMs);
  return [
    {
      service: '',
      verdict:
        view.now >= until
          ? { kind: 'skip', reason: 'stale' }
          : { kind: 'hold', reason: 'flow_paused', until },
      gates: [paused],
    },
  ];
}

function evaluateStep(
  capabilities: Capabilities,
  view: ItemView,
  facts: FanFacts,
  step: VersionStep,
): Promise<Part[]> {
  const ctx: StepContext = {
    view,
    policy: step.policy,
    streaming: capabilities.streaming(view, step.policy, facts),
    segments: capabilities.segments,
    texts: capabilities.texts(view, step.policy, facts),
    emails: capabilities.emails(view, facts),
    directMessages: capabilities.directMessages(view, step.policy, facts),
  };
  const server = stepServers[step.step as StepId]; // validated when the flow was saved
  // As: the config passed this step's own schema then.
  return server.evaluate(ctx, step.config as never);
}
