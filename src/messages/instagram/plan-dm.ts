import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connection, Connections } from '#connections/connections.ts';
import type { SocialClient } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { GateRead, ItemView, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { StepPolicy } from '#steps/step.ts';
import { isCaused, rootEventOf } from '../outbound/cause.ts';
import { languageOf } from '../outbound/language.ts';
import type { LinkedText } from '../outbound/plan-text.ts';
import * as rules from '../outbound/requirements.ts';
import { composeDm } from './compose-dm.ts';
import { readSituation, type Situation } from './conversations.ts';
import { dmCall, type DmTarget } from './dm-call.ts';

export interface DmDeps {
  db: Db;
  connections: Connections;
  projects: ProjectFactsReader;
  /** R109: a run nearer to the fan's action still has a message of this kind to send. */
  hasDmAhead: (view: ItemView) => Promise<boolean>;
  /** Fills the artist's template for this run; the rows are committed with the message. */
  render: (input: { view: ItemView; facts: FanFacts; body: string; language: string }) => Promise<LinkedText>;
}

export interface DmToPlan {
  text: string;
  connectionId: string | null;
}

const hourMs = 3_600_000;
const disconnectedHours = 24;
/** R116: after so long without an automatic message the next one says again that it is one. */
const disclosedMs = 7 * 24 * hourMs;

/** What began the run on Instagram; absent: something else did. */
interface Origin {
  connectionId: string | null;
  address: string | null;
  commentId: string | null;
}

interface Asked {
  view: ItemView;
  facts: FanFacts;
  project: ProjectFacts;
  connection: Connection;
  client: SocialClient;
  origin: Origin | null;
  address: string | null;
  situation: Situation;
}

/** The way a message may go, and until when. */
interface Way {
  target: DmTarget;
  endsAt: Date;
}

/**
 * What is to be done about a message of a flow, for this fan and now: the rows of the requirements table
 * in their order. Changes nothing. The gates it rests on go along, so that a STOP, an answer by hand or
 * another message that comes in between is seen before this one leaves.
 */
export async function planDm(
  deps: DmDeps,
  view: ItemView,
  facts: FanFacts,
  policy: StepPolicy,
  message: DmToPlan,
): Promise<Part[]> {
  const verdict = await decide(deps, view, rules.withoutOwnAttempt(facts, view), policy, message);
  const moves = [gateKeys.sent(facts.fanId), gateKeys.instagram(facts.fanId)];
  return [{ service: '', verdict, gates: dmGates(view, facts), moves }];
}

async function decide(
  deps: DmDeps,
  view: ItemView,
  facts: FanFacts,
  policy: StepPolicy,
  message: DmToPlan,
): Promise<Verdict> {
  const project = await deps.projects.find(view.projectId);
  if (project === undefined) return skip('erased');
  const origin = originOf(view);
  const wanted = message.connectionId ?? origin?.connectionId ?? null;
  const connection = chooseAccount(await deps.connections.ofProject(view.projectId), wanted);
  const client = connection?.social ?? null;
  if (connection === null || client === null) return disconnected(view, policy);
  const address = addressOf(facts, connection.id, origin);
  const about = { connectionId: connection.id, address, commentId: origin?.commentId ?? null };
  const situation = await readSituation(deps.db, view.projectId, about);
  if (client.account === null || !situation.isConnected) return disconnected(view, policy);
  const asked: Asked = { view, facts, project, connection, client, origin, address, situation };
  const way = unmetRequirement(asked);
  if ('kind' in way) return way;
  if (isCaused(view) && (await deps.hasDmAhead(view))) return skip('same_cause');
  return callOf(deps, asked, way, message.text);
}

/** The account that the step names, else the one the fan wrote to, else the project's first. */
function chooseAccount(connections: readonly Connection[], wanted: string | null): Connection | null {
  const accounts = connections.filter(({ social }) => social !== null);
  return (wanted === null ? accounts[0] : accounts.find(({ id }) => id === wanted)) ?? null;
}

/** As this account knows her; whom another account knows is a stranger to it. */
function addressOf({ addresses }: FanFacts, connectionId: string, origin: Origin | null): string | null {
  if (origin !== null && (origin.connectionId ?? connectionId) === connectionId && origin.address !== null)
    return origin.address;
  return addresses.find(({ channel }) => channel === 'instagram')?.value ?? null;
}

/** The requirements in the table's order; the way to send it when all are met. */
function unmetRequirement(asked: Asked): Verdict | Way {
  const { view, facts, address, situation } = asked;
  const { now } = view;
  if (address === null && asked.origin?.commentId == null) return skip('no_address');
  if (facts.optOuts.some((one) => one.channel === 'instagram' && one.address === address))
    return skip('opted_out');
  if (situation.silencedUntil !== null && situation.silencedUntil > now) return skip('ig_person');
  const way = wayOf(asked);
  if ('kind' in way) return way;
  // R72: it waits as long as it may be sent at all.
  if (rules.isSendingStopped(facts)) return { kind: 'hold', reason: 'sending_stopped', until: way.endsAt };
  const cause = { causeId: rootEventOf(view), runId: view.runId, now, channel: 'instagram' } as const;
  return isCaused(view) && rules.hasSentForCause(facts, cause) ? skip('same_cause') : way;
}

/** R69, R70: the one private reply to the comment that began it, else the open window. */
function wayOf({ view: { now }, client, origin, address, situation }: Asked): Verdict | Way {
  const { comment } = situation;
  if (comment !== null && origin?.commentId != null && !comment.isAnswered) {
    const endsAt = after(comment.at, client.privateReplyMs);
    if (now < endsAt) return { target: { commentId: origin.commentId, address }, endsAt };
  }
  const ends = [
    after(situation.lastMessageAt, client.windowMs.message),
    after(situation.fromAdAt, client.windowMs.ad),
  ];
  const endsAt = new Date(Math.max(...ends.map((end) => end.getTime())));
  if (address !== null && now < endsAt) return { target: { address }, endsAt };
  if (comment === null) return skip('ig_window');
  return skip(comment.isAnswered ? 'ig_reply_used' : 'ig_reply_expired');
}

function after(at: Date | null, ms: number): Date {
  return new Date(at === null ? 0 : at.getTime() + ms);
}

async function callOf(deps: DmDeps, asked: Asked, { target, endsAt }: Way, text: string): Promise<Verdict> {
  const { view, facts, project, connection, client } = asked;
  const language = languageOf(facts, null);
  const rendered = await deps.render({ view, facts, body: text, language });
  const isDisclosureDue = owesDisclosure(asked);
  const { programme } = project;
  return dmCall({
    connection,
    client,
    target,
    text: composeDm({ body: rendered.body, programme, language, isDisclosureDue }),
    fanId: facts.fanId,
    runId: view.runId,
    causeId: rootEventOf(view),
    hasDisclosure: isDisclosureDue,
    giveUpAt: endsAt,
    writes: rendered.writes,
  });
}

/** R116: the first of a conversation, the first in a week, the first since a person wrote. */
function owesDisclosure({ view: { now }, facts, address, situation }: Asked): boolean {
  const since = Math.max(now.getTime() - disclosedMs, situation.personAt?.getTime() ?? 0);
  return !facts.messages.some(
    (one) => one.channel === 'instagram' && one.address === (address ?? '') && one.sentAt.getTime() > since,
  );
}

function disconnected(view: ItemView, policy: StepPolicy): Verdict {
  if (policy.onUnmet === 'skip' || view.isPastDeadline) return skip('ig_disconnected');
  const hours = Math.min(policy.deadlineHours ?? disconnectedHours, disconnectedHours);
  return {
    kind: 'defer',
    reason: 'ig_disconnected',
    deadlineAt: view.deadlineAt ?? new Date(view.now.getTime() + hours * hourMs),
    promise: `${view.runId ?? view.id}:${view.position}:instagram`,
    waitingFor: 'the Instagram account to be connected',
  };
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}

/** Everything a message rests on. */
function dmGates(view: ItemView, facts: FanFacts): GateRead[] {
  const { fanId } = facts;
  const keys = [gateKeys.project, gateKeys.connections, gateKeys.instagram(fanId), gateKeys.sent(fanId)];
  if (view.flowId !== null) keys.push(gateKeys.flow(view.flowId), gateKeys.flowDeleted(view.flowId));
  return keys.flatMap((key) => facts.gates.get(key) ?? []);
}

function originOf({ data }: ItemView): Origin | null {
  const origin = data['instagram'];
  if (origin === undefined) return null;
  // As: put there by the admission of a message or a comment.
  return { commentId: null, ...(origin as object) } as Origin;
}
