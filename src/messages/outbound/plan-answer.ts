import type { ItemView, LocalWrite, Part, Verdict } from '#engine/contract.ts';
import type { FanFacts } from '#fans/facts.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { helpAnswer, keywordAnswer, startConfirmation, stopConfirmation } from '../compliance-texts.ts';
import { type ComposedText, composeText } from '../compose.ts';
import type { AnswerKind } from '../inbound/decide.ts';
import type { TextDeps } from './plan-text.ts';
import * as rules from './requirements.ts';
import { sendCall, type TextClass } from './send-call.ts';
import { chooseSender } from './sender.ts';

/** Answers older than this are no answers any more. */
const lateMs = 60 * 60_000;

export interface AnswerDeps extends TextDeps {
  /** Keywords that can be texted to this connection, for the answer to a text that matched none. */
  keywordsOf: (projectId: string, connectionId: string) => Promise<readonly string[]>;
}

interface AnswerData {
  answer: AnswerKind;
  connectionId: string;
  sender: string;
  address: string;
  at: string;
  isSharedSender: boolean;
  always?: boolean;
  perMonth?: number | null;
}

/**
 * The system's own answers: they leave at any hour, under an empty budget and a stopped project
 * (R112), never to marketing's profit, and at most as often as R108 allows. The confirmation of a
 * live consent's STOP always goes.
 */
export async function planAnswer(deps: AnswerDeps, view: ItemView, facts: FanFacts): Promise<Part[]> {
  const data = view.data as unknown as AnswerData; // put there by the inbound admission
  const gates = [gateKeys.sms(facts.fanId), gateKeys.sent(facts.fanId)].flatMap(
    (key) => facts.gates.get(key) ?? [],
  );
  const part = (verdict: Verdict): Part[] => [
    { service: '', verdict, gates, moves: [gateKeys.sent(facts.fanId)] },
  ];
  const project = await deps.projects.find(view.projectId);
  const connections = await deps.connections.ofProject(view.projectId);
  const sender = chooseSender(connections, { connectionId: data.connectionId, repliesFrom: data });
  if (project === undefined || sender === null) return part({ kind: 'skip', reason: 'no_sender' });
  const refused = refusal(data, view, facts, sender.number);
  if (refused !== null) return part({ kind: 'skip', reason: refused });
  const keywords =
    data.answer === 'unmatched' ? await deps.keywordsOf(view.projectId, data.connectionId) : [];
  const text = words(data, facts, project, keywords);
  if (text === null) return part({ kind: 'skip', reason: 'stale' });
  return part(
    sendCall({
      sender,
      address: data.address,
      text: text.text,
      parts: text.parts,
      class: classOf(data.answer),
      runId: null,
      causeId: null,
      fanId: facts.fanId,
      hasOptOutWording: data.answer === 'confirm' || data.answer === 'start',
      credits: 0,
      giveUpAt: new Date(new Date(data.at).getTime() + lateMs),
      writes: [] satisfies LocalWrite[],
    }),
  );
}

function refusal(data: AnswerData, view: ItemView, facts: FanFacts, sender: string): string | null {
  const isOptedOut = facts.optOuts.some((one) => one.channel === 'sms' && one.address === data.address);
  if (data.answer === 'stop') {
    return data.always !== true && rules.isOverAnswers(facts, data.address, view.now) ? 'cap' : null;
  }
  if (facts.blocks.some((one) => one.sender === sender && one.address === data.address))
    return 'provider_block';
  if (view.now.getTime() - new Date(data.at).getTime() > lateMs) return 'stale';
  if (data.answer === 'confirm') return confirmRefusal(data, facts);
  if (data.answer === 'unmatched' && (isOptedOut || hadTextToday(facts, view.now))) return 'cap';
  return rules.isOverAnswers(facts, data.address, view.now) ? 'cap' : null;
}

/** The confirmation goes alone only when no text of the flow carried it within its ten seconds. */
function confirmRefusal(data: AnswerData, facts: FanFacts): string | null {
  const consent = rules.activeConsent(facts, data.address);
  if (consent === null) return 'opted_out';
  return rules.isConfirmed(facts, consent) ? 'stopped' : null;
}

/** R107: one answer, to a fan who had no text from us today. */
function hadTextToday(facts: FanFacts, now: Date): boolean {
  const dayMs = 24 * 60 * 60_000;
  return facts.messages.some((one) => one.channel === 'sms' && now.getTime() - one.sentAt.getTime() < dayMs);
}

function classOf(kind: AnswerKind): TextClass {
  return kind === 'stop' || kind === 'confirm' ? 'compliance' : 'answer';
}

function words(
  data: AnswerData,
  facts: FanFacts,
  project: { programme: string; contact: string; monthlyCap: number },
  keywords: readonly string[],
): ComposedText | null {
  const speaker = { programme: project.programme, language: facts.language ?? 'en' };
  const perMonth = Math.min(
    rules.activeConsent(facts, data.address)?.perMonth ?? project.monthlyCap,
    project.monthlyCap,
  );
  switch (data.answer) {
    case 'stop':
      return stopConfirmation({ ...speaker, isSharedSender: data.isSharedSender });
    case 'start':
      return startConfirmation({ ...speaker, perMonth });
    case 'help':
      return helpAnswer({ ...speaker, contact: project.contact, perMonth });
    case 'confirm':
      return composeText({ ...speaker, body: '', joined: { perMonth } });
    case 'unmatched':
      return keywordAnswer({ ...speaker, keywords });
  }
}
