import type { ProjectFacts, ProjectFactsReader } from '#accounts/project-facts.ts';
import type { Connections } from '#connections/connections.ts';
import type { GateRead, ItemView, Part, Verdict } from '#engine/contract.ts';
import type { ConsentFact, FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { eventOf, isCaused, rootEventOf } from '../outbound/cause.ts';
import { languageOf } from '../outbound/language.ts';
import type { LinkedText } from '../outbound/plan-text.ts';
import * as rules from '../outbound/requirements.ts';
import { emailCall } from './email-call.ts';
import {
  chooseEmailSender,
  type EmailSenderChoice,
  type EmailSenders,
  type SenderStanding,
} from './email-senders.ts';

export interface EmailDeps {
  connections: Connections;
  projects: ProjectFactsReader;
  senders: EmailSenders;
  /** R109: a run nearer to the fan's action still has a mail to send. */
  hasEmailAhead: (view: ItemView) => Promise<boolean>;
  /** Fills the artist's template for this run; the rows are committed with the mail. */
  render: (input: { view: ItemView; facts: FanFacts; body: string; language: string }) => Promise<LinkedText>;
  unsubscribeUrl: (to: { projectId: string; fanId: string; address: string }) => string;
  /** Her own page (R120). */
  ownPageUrl: (owner: { projectId: string; fanId: string; turn: number }) => string;
  publicUrl: () => string;
}

export interface EmailToPlan {
  subject: string;
  body: string;
  connectionId: string | null;
}

/** How long a provider in trouble is tried. */
const triedMs = 24 * 3_600_000;

/**
 * What is to be done about a mail of a flow, for this fan and now: the rows of the requirements table
 * in their order. Changes nothing. The gates it rests on go along, so that an unsubscription that
 * comes in between is seen before this one leaves (R77).
 */
export async function planEmail(
  deps: EmailDeps,
  view: ItemView,
  facts: FanFacts,
  email: EmailToPlan,
): Promise<Part[]> {
  const verdict = await decide(deps, view, rules.withoutOwnAttempt(facts, view), email);
  return [{ service: '', verdict, gates: emailGates(view, facts), moves: [gateKeys.sent(facts.fanId)] }];
}

interface Asked {
  view: ItemView;
  facts: FanFacts;
  project: ProjectFacts;
  sender: EmailSenderChoice;
  standing: SenderStanding;
  address: string;
  consent: ConsentFact | null;
}

async function decide(
  deps: EmailDeps,
  view: ItemView,
  facts: FanFacts,
  email: EmailToPlan,
): Promise<Verdict> {
  const project = await deps.projects.find(view.projectId);
  if (project === undefined) return skip('erased');
  const sender = chooseEmailSender(await deps.connections.ofProject(view.projectId), email.connectionId);
  if (sender === null) return skip('no_sender');
  const address = addressOf(facts);
  if (address === undefined) return skip('no_address');
  const standing = await deps.senders.standing(sender.connection, view.now);
  const consent = rules.activeConsent(facts, address, 'email');
  const asked: Asked = { view, facts, project, sender, standing, address, consent };
  const unmet = unmetRequirement(asked);
  if (unmet !== null) return unmet;
  if (isCaused(view) && (await deps.hasEmailAhead(view))) return skip('same_cause');
  return callOf(deps, asked, email);
}

/** The one she agreed to be written to at, else her first. */
function addressOf(facts: FanFacts): string | undefined {
  const addresses = facts.addresses.filter(({ channel }) => channel === 'email').map(({ value }) => value);
  return addresses.find((one) => rules.activeConsent(facts, one, 'email') !== null) ?? addresses[0];
}

/** The requirements in the table's order; null when all are met. */
function unmetRequirement({ view, facts, project, standing, address, consent }: Asked): Verdict | null {
  const suppressed = facts.suppressions.find((one) => one.address === address)?.reason;
  const isOut = facts.optOuts.some((one) => one.channel === 'email' && one.address === address);
  if (isOut || suppressed === 'complaint') return skip('unsubscribed');
  if (suppressed === 'hard_bounce') return skip('bounced');
  if (consent === null) return skip('no_consent');
  if (!isSenderReady(project, standing)) return skip('sender_not_ready');
  if (view.heldSince !== null && view.now.getTime() - view.heldSince.getTime() > rules.stalestMs)
    return skip('stale');
  if (rules.isSendingStopped(facts)) return hold(view, 'sending_stopped');
  const cause = { causeId: rootEventOf(view), runId: view.runId, now: view.now, channel: 'email' } as const;
  if (isCaused(view) && rules.hasSentForCause(facts, cause)) return skip('same_cause');
  if (isOverPromise(facts, consent, view.now)) return skip('cap');
  // Places that texts keep for reminders are not a mail's to take.
  const reserved = rules.reservedReminders(facts, view.now);
  return rules.isOverAllChannels(facts, project, view.now, reserved) ? skip('cap') : null;
}

/** R113: a proven domain, nothing that stopped it, and the address that the law wants in a mail. */
export function isSenderReady(
  { legalSender, postalAddress }: ProjectFacts,
  { isVerified, isPaused }: SenderStanding,
): boolean {
  return isVerified && !isPaused && legalSender.trim() !== '' && postalAddress.trim() !== '';
}

/** R48: where the words she agreed to name a number, no month brings more mails. */
function isOverPromise(facts: FanFacts, { perMonth }: ConsentFact, now: Date): boolean {
  if (perMonth === null) return false;
  const since = now.getTime() - 30 * triedMs;
  const sent = facts.messages.filter(
    ({ channel, sentAt }) => channel === 'email' && sentAt.getTime() > since,
  );
  return sent.length >= perMonth;
}

async function callOf(deps: EmailDeps, asked: Asked, { subject, body }: EmailToPlan): Promise<Verdict> {
  const { view, facts, project, address } = asked;
  const language = languageOf(facts, null);
  const [title, words] = await Promise.all(
    [subject, body].map((source) => deps.render({ view, facts, body: source, language })),
  );
  if (title === undefined || words === undefined) throw new Error('two templates make two texts');
  const publicUrl = deps.publicUrl();
  return emailCall({
    ...asked.sender,
    warmUp: asked.standing.warmUp,
    to: address,
    email: {
      subject: title.body,
      body: words.body,
      programme: project.programme,
      legalSender: project.legalSender,
      postalAddress: project.postalAddress,
      language,
      unsubscribeUrl: deps.unsubscribeUrl({ projectId: view.projectId, fanId: facts.fanId, address }),
      privacyUrl: `${publicUrl}/privacy/${project.slug}`,
      pageUrl: deps.ownPageUrl({ projectId: view.projectId, fanId: facts.fanId, turn: facts.pageTurn }),
    },
    fanId: facts.fanId,
    runId: view.runId,
    causeId: rootEventOf(view),
    giveUpAt: giveUpAt(view),
    writes: [...title.writes, ...words.writes],
  });
}

/** A provider that is down is tried for a day; what was held, as long as it may wait. */
function giveUpAt(view: ItemView): Date {
  const held = view.heldSince === null ? 0 : view.heldSince.getTime() + rules.stalestMs;
  return new Date(Math.max(eventOf(view).at.getTime() + triedMs, held));
}

function hold({ heldSince, now }: ItemView, reason: string): Verdict {
  return { kind: 'hold', reason, until: new Date((heldSince ?? now).getTime() + rules.stalestMs + 1) };
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}

/** Everything a mail rests on. */
function emailGates(view: ItemView, facts: FanFacts): GateRead[] {
  const keys = [gateKeys.project, gateKeys.email(facts.fanId), gateKeys.sent(facts.fanId)];
  if (view.flowId !== null) keys.push(gateKeys.flow(view.flowId), gateKeys.flowDeleted(view.flowId));
  return keys.flatMap((key) => facts.gates.get(key) ?? []);
}
