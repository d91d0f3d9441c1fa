import type { ProjectFacts } from '#accounts/project-facts.ts';
import { smsCredits } from '#credits/prices.ts';
import type { ItemView, LocalWrite, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { codeMinutes } from '#fans/own-page-codes.ts';
import {
  codeText,
  helpAnswer,
  keywordAnswer,
  optInRequest,
  startConfirmation,
  stopConfirmation,
} from '../compliance-texts.ts';
import { type ComposedText, composeText } from '../compose.ts';
import type { AnswerData } from '../inbound/decisions.ts';
import { languageOf } from './language.ts';
import type { TextDeps } from './plan-text.ts';
import * as rules from './requirements.ts';
import { sendCall, type TextClass } from './send-call.ts';
import { chooseSender, findSender } from './sender.ts';

/** Answers to a text older than this are no answers any more. */
const lateMs = 60 * 60_000;

export interface AnswerDeps extends TextDeps {
  /** Keywords that can be texted to this connection, for the answer to a text that matched none. */
  keywordsOf: (projectId: string, connectionId: string) => Promise<readonly string[]>;
  /** The short link to the fan's own page (R120), with the row that is committed with it. */
  ownPageLink: (view: ItemView, facts: FanFacts) => { url: string; writes: readonly LocalWrite[] };
}

/**
 * The system's own answers: they leave at any hour, under an empty budget and a stopped project
 * (R112), never to marketing's profit, and at most as often as R108 allows. The confirmation of a
 * live consent's STOP always goes.
 */
export async function planAnswer(deps: AnswerDeps, view: ItemView, facts: FanFacts): Promise<Part[]> {
  const verdict = await decide(deps, view, rules.withoutOwnAttempt(facts, view));
  const keys = [gateKeys.project, gateKeys.sms(facts.fanId), gateKeys.sent(facts.fanId)];
  const gates = keys.flatMap((key) => facts.gates.get(key) ?? []);
  return [{ service: '', verdict, gates, moves: [gateKeys.sent(facts.fanId)] }];
}

async function decide(deps: AnswerDeps, view: ItemView, facts: FanFacts): Promise<Verdict> {
  const data = view.data as unknown as AnswerData; // put there by the inbound admission
  const project = await deps.projects.find(view.projectId);
  const connections = await deps.connections.ofProject(view.projectId);
  const { connectionId, address } = data;
  const wanted = { connectionId, repliesFrom: null, address, textedFrom: null };
  const sender = findSender(connections, data) ?? chooseSender(connections, wanted, deps.locate);
  if (project === undefined || sender === null) return skip('no_sender');
  const refused = refusal(data, view, facts, sender.number, project);
  if (refused !== null) return skip(refused);
  const keywords =
    data.answer === 'unmatched' ? await deps.keywordsOf(view.projectId, data.connectionId) : [];
  const { country } = deps.locate(data.address);
  const language = languageOf(facts, country);
  const page = data.answer === 'help' ? deps.ownPageLink(view, facts) : null;
  const text = words(data, facts, project, language, keywords, page?.url ?? null);
  // There is no keyword to name.
  if (text === null) return skip('stopped');
  return sendCall({
    sender,
    address: data.address,
    text: text.text,
    parts: text.parts,
    class: classOf(data),
    runId: null,
    causeId: null,
    fanId: facts.fanId,
    hasOptOutWording: data.answer === 'confirm' || data.answer === 'start',
    againFlowId: null,
    credits: smsCredits(project.textPrices, country, text.parts),
    isFree: true,
    giveUpAt: new Date(data.giveUpAt),
    // A link that the text has no room for is not worth a row.
    writes: page !== null && text.text.includes(page.url) ? page.writes : [],
  });
}

function skip(reason: string): Verdict {
  return { kind: 'skip', reason };
}

function refusal(
  data: AnswerData,
  view: ItemView,
  facts: FanFacts,
  sender: string,
  project: ProjectFacts,
): string | null {
  if (facts.blocks.some((one) => one.sender === sender && one.address === data.address))
    return 'provider_block';
  // She asked on her page a moment ago; how often is limited there.
  if (data.answer === 'code') return view.now > new Date(data.giveUpAt) ? 'stale' : null;
  if (data.answer === 'stop' && data.isOwed) return null;
  if (data.answer === 'stop') return rules.isOverAnswers(facts, data.address, view.now) ? 'cap' : null;
  // Nothing but information leaves while a person has to read a doubtful sentence (R41), and no
  // welcome after a STOP that came in between (R44).
  if (data.answer !== 'help' && facts.isSmsHeld) return 'stopped';
  if (data.answer !== 'help' && isOptedOut(data, facts)) return 'opted_out';
  if (data.answer === 'confirm') return confirmRefusal(data, facts, view.now);
  if (data.answer === 'request') return pendingConsent(data, facts) === undefined ? 'stopped' : null;
  if (view.now.getTime() - new Date(data.at).getTime() > lateMs) return 'stale';
  if (data.answer === 'unmatched') {
    const refused = unmatchedRefusal(facts, project, view.now);
    if (refused !== null) return refused;
  }
  return rules.isOverAnswers(facts, data.address, view.now) ? 'cap' : null;
}

/** R107: off by choice; one answer a day, and none in the middle of a conversation that we began. */
function unmatchedRefusal(facts: FanFacts, project: ProjectFacts, now: Date): string | null {
  if (!project.answersUnmatched || rules.isSendingStopped(facts)) return 'stopped';
  return hadTextToday(facts, now) ? 'cap' : null;
}

/** The confirmation goes alone only when no text of the flow carried it within its ten seconds. */
function confirmRefusal(data: AnswerData, facts: FanFacts, now: Date): string | null {
  const consent = rules.activeConsent(facts, data.address);
  if (consent === null) return 'opted_out';
  return rules.isConfirmed(facts, consent, now) ? 'stopped' : null;
}

/** R97: what the request asks about; a yes or a STOP may have come before it. */
function pendingConsent(data: AnswerData, facts: FanFacts) {
  return facts.consents.find(
    (one) => one.channel === 'sms' && one.address === data.address && one.activeAt === null,
  );
}

function isOptedOut(data: AnswerData, facts: FanFacts): boolean {
  return facts.optOuts.some((one) => one.channel === 'sms' && one.address === data.address);
}

function hadTextToday(facts: FanFacts, now: Date): boolean {
  const dayMs = 24 * 60 * 60_000;
  return facts.messages.some((one) => one.channel === 'sms' && now.getTime() - one.sentAt.getTime() < dayMs);
}

/** What the law owes does not use up a number's answers (R108). */
function classOf({ answer, isOwed }: AnswerData): TextClass {
  const isCompliance = answer === 'confirm' || answer === 'request' || answer === 'code' || isOwed;
  return isCompliance ? 'compliance' : 'answer';
}

function words(
  data: AnswerData,
  facts: FanFacts,
  project: ProjectFacts,
  language: string,
  keywords: readonly string[],
  page: string | null,
): ComposedText | null {
  const { programme, contact, monthlyCap } = project;
  const speaker = { programme, language };
  const perMonth = Math.min(rules.activeConsent(facts, data.address)?.perMonth ?? monthlyCap, monthlyCap);
  switch (data.answer) {
    case 'stop':
      return stopConfirmation({ ...speaker, isSharedSender: data.isSharedSender });
    case 'start':
      return startConfirmation({ ...speaker, perMonth });
    case 'help':
      return helpAnswer({ ...speaker, contact, perMonth, page });
    case 'code':
      return codeText({ ...speaker, code: data.code ?? '', minutes: codeMinutes });
    case 'confirm':
      return composeText({ ...speaker, body: '', joined: { perMonth } });
    case 'request':
      return optInRequest({ ...speaker, perMonth: pendingConsent(data, facts)?.perMonth ?? monthlyCap });
    case 'unmatched':
      return keywordAnswer({ ...speaker, keywords });
  }
}
