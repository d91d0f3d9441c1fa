import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connections } from '#connections/connections.ts';
import { smsCredits } from '#credits/prices.ts';
import type { GateRead, ItemView, JsonObject, Part, Verdict } from '#engine/contract.ts';
import type { ConsentFact, FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { StepPolicy } from '#steps/step.ts';
import { composeText, type ComposedText } from '../compose.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import * as rules from './requirements.ts';
import { chooseSender, sendersOf, type Sender } from './sender.ts';
import { sendCall, type TextClass } from './send-call.ts';

export interface TextDeps {
  connections: Connections;
  projects: ProjectFactsReader;
  locate: LocateNumber;
  /** Fills the artist's template for this run; `link` is committed with the text that carries it. */
  render: (view: ItemView, facts: FanFacts, body: string) => Promise<{ body: string; writes: LinkWrite[] }>;
}

export interface LinkWrite {
  writer: string;
  row: JsonObject;
}

const hourMs = 60 * 60_000;
/** R47: no text waits longer than this for an opening. */
const stalestMs = 36 * hourMs;
/** R98: how long a blocked text waits for START. */
const blockedMs = 24 * hourMs;

interface Asked {
  view: ItemView;
  facts: FanFacts;
  project: ProjectFacts;
  sender: Sender;
  address: string;
  consent: ConsentFact | null;
  isReply: boolean;
  eventAt: Date;
  rootEventId: string;
}

/**
 * What is to be done about a text of a flow, for this fan and now: the rows of the requirements
 * table in their order. Changes nothing. The gates it rests on go along, so that a STOP, a pause or
 * another text that comes in between is seen before this one leaves.
 */
export async function planText(
  deps: TextDeps,
  view: ItemView,
  facts: FanFacts,
  policy: StepPolicy,
  text: { body: string; connectionId: string | null },
): Promise<Part[]> {
  const gates = textGates(view, facts);
  const part = (verdict: Verdict): Part[] => [
    { service: '', verdict, gates, moves: [gateKeys.sent(facts.fanId)] },
  ];
  const project = await deps.projects.find(view.projectId);
  if (project === undefined) return part({ kind: 'skip', reason: 'erased' });
  const address = facts.addresses.find((one) => one.channel === 'sms')?.value;
  const reply = replyOf(view.data);
  const connections = await deps.connections.ofProject(view.projectId);
  const sender = chooseSender(connections, { connectionId: text.connectionId, repliesFrom: reply });
  if (sender === null) return part({ kind: 'skip', reason: 'no_sender' });
  if (address === undefined) return part({ kind: 'skip', reason: 'no_address' });
  const asked = ask(view, facts, project, sender, reply?.address ?? address, reply);
  const senders = connections.flatMap(sendersOf).map((one) => deps.locate(one.number));
  const unmet =
    unmetRequirement(deps, asked, policy, senders) ?? (asked.isReply ? null : quietHours(deps, asked));
  if (unmet !== null) return part(unmet);
  return part(await sendVerdict(deps, asked, text.body));
}

function ask(
  view: ItemView,
  facts: FanFacts,
  project: ProjectFacts,
  sender: Sender,
  address: string,
  reply: ReturnType<typeof replyOf>,
): Asked {
  const event = eventOf(view);
  const consent = rules.activeConsent(facts, address);
  const rootEventId = String(view.data['rootEventId'] ?? event.id);
  const isReply = rules.isTheOneReply({
    reply,
    eventAt: event.at,
    eventId: rootEventId,
    sender: sender.number,
    address,
    messages: facts.messages,
    now: view.now,
  });
  return { view, facts, project, sender, address, consent, isReply, eventAt: event.at, rootEventId };
}

/** The requirements in the table's order; null when all are met. */
function unmetRequirement(
  deps: TextDeps,
  asked: Asked,
  policy: StepPolicy,
  senders: ReturnType<LocateNumber>[],
): Verdict | null {
  const { view, facts, project, sender, address, consent, isReply } = asked;
  if (facts.optOuts.some((one) => one.channel === 'sms' && one.address === address)) return skip('opted_out');
  if (consent === null && !isReply) return skip('no_consent');
  if (project.isSendingStopped) return { kind: 'hold', reason: 'sending_stopped' };
  if (facts.isSmsHeld) return hold(view, 'opt_out_doubt');
  const country = rules.countryVerdict(deps.locate(address), deps.locate(sender.number), project, senders);
  if (country !== 'ok') return skip(country);
  if (facts.blocks.some((one) => one.sender === sender.number && one.address === address)) {
    return blocked(view, policy, sender);
  }
  if (isCaused(view) && rules.isSameCause(facts, asked.rootEventId, view.runId, view.now))
    return skip('same_cause');
  if (view.data['again'] === true && rules.isOverRepeats(facts, view.now)) return skip('cap');
  if (!isReply && rules.isOverCap(facts, consent, project, view.now)) return skip('cap');
  return null;
}

function quietHours(deps: TextDeps, { facts, address, view }: Asked): Verdict | null {
  const until = rules.quietUntil({ facts, address, locate: deps.locate, now: view.now });
  if (until === null) return null;
  const since = (view.heldSince ?? view.now).getTime();
  return until.getTime() - since > stalestMs ? skip('stale') : { kind: 'hold', reason: 'quiet_hours', until };
}

async function sendVerdict(deps: TextDeps, asked: Asked, body: string): Promise<Verdict> {
  const rendered = await deps.render(asked.view, asked.facts, body);
  const composed = compose(asked, rendered.body);
  const { view, sender, address } = asked;
  return sendCall({
    sender,
    address,
    text: composed.text,
    parts: composed.parts,
    class: asked.isReply ? 'reply' : 'marketing',
    runId: view.runId,
    causeId: asked.rootEventId,
    fanId: asked.facts.fanId,
    hasOptOutWording: composed.hasOptOutWording,
    credits: smsCredits(deps.locate(address).country, composed.parts),
    giveUpAt: new Date(asked.eventAt.getTime() + 24 * hourMs),
    writes: rendered.writes,
  });
}

/** R39, R124: what the system adds: the name, the confirmation of an opt-in, the way out. */
function compose(asked: Asked, body: string): ComposedText & { hasOptOutWording: boolean } {
  const { facts, consent, project, view, isReply } = asked;
  const owesConfirmation = consent !== null && !rules.isConfirmed(facts, consent);
  const perMonth = Math.min(consent?.perMonth ?? project.monthlyCap, project.monthlyCap);
  // Without consent the one reply holds only what was asked for and who we are (R94).
  const isDue = consent !== null && !owesConfirmation && rules.isOptOutDue(facts, view.now);
  const composed = composeText({
    programme: project.programme,
    body,
    language: facts.language ?? 'en',
    joined: owesConfirmation ? { perMonth } : null,
    isOptOutDue: isDue,
    isFromLastNight: !isReply && view.heldSince !== null && replyOf(view.data) !== null,
  });
  return { ...composed, hasOptOutWording: owesConfirmation || isDue };
}

function blocked(view: ItemView, policy: StepPolicy, sender: Sender): Verdict {
  if (policy.onUnmet === 'skip') return skip('provider_block');
  const hours = policy.deadlineHours ?? blockedMs / hourMs;
  return {
    kind: 'defer',
    reason: 'provider_block',
    deadlineAt: new Date(view.now.getTime() + Math.min(hours * hourMs, blockedMs)),
    promise: `${view.runId ?? view.id}:${view.position}:text`,
    waitingFor: `START to ${sender.number}`,
  };
}

/** Held by a person's decision, but never longer than any text waits (R47). */
function hold(view: ItemView, reason: string): Verdict {
  const since = view.heldSince ?? view.now;
  const until = new Date(since.getTime() + stalestMs);
  return view.now >= until ? skip('stale') : { kind: 'hold', reason, until };
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}

/** Everything a text rests on; a deferred text is bound to its flow as the run is. */
function textGates(view: ItemView, facts: FanFacts): GateRead[] {
  const keys = [gateKeys.project, gateKeys.sms(facts.fanId), gateKeys.sent(facts.fanId)];
  if (view.flowId !== null) keys.push(gateKeys.flow(view.flowId), gateKeys.flowDeleted(view.flowId));
  return keys.flatMap((key) => facts.gates.get(key) ?? []);
}

function replyOf(data: JsonObject): { connectionId: string; sender: string; address: string } | null {
  const reply = data['reply'];
  // As: put there by the inbound admission.
  return reply === undefined ? null : (reply as { connectionId: string; sender: string; address: string });
}

function eventOf(view: ItemView): { id: string; at: Date } {
  const event = view.data['event'] as { id: string; at: string } | undefined; // the engine's own
  return event === undefined ? { id: view.id, at: view.now } : { id: event.id, at: new Date(event.at) };
}

/** A run that another run's step started. */
function isCaused(view: ItemView): boolean {
  return Array.isArray(view.data['chain']) && view.data['chain'].length > 1;
}

export type { TextClass };
