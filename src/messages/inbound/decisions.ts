import type { Admission, CausedEvent, JsonObject, NewItem } from '#engine/contract.ts';
import { priority } from '#engine/contract.ts';
import { noChanges, type ConsentChanges } from '#fans/consent-changes.ts';
import type { ConsentState } from '#fans/consent-state.ts';
import { cutText } from '#lib/clean-text.ts';
import type { ReceivedText } from './inbound-text.ts';

export interface InboxWrite {
  fanId: string;
  text: ReceivedText;
  reason: 'unmatched' | 'doubt' | 'opted_out';
}

export interface PurposeWrite {
  fanId: string;
  kind: 'release' | 'follow';
  targetId: string;
  words: string;
}

export interface SenderPair {
  sender: string;
  address: string;
}

/** Everything a batch of texts changes, beside the runs that it starts. */
export interface Decisions {
  changes: ConsentChanges;
  /** By `sender number`: pairs that the provider newly blocks, and no longer (R98). */
  blocked: Map<string, SenderPair>;
  unblocked: Map<string, SenderPair>;
  inbox: InboxWrite[];
  purposes: PurposeWrite[];
  /** By fan, where it is another than before (R46). */
  zips: Map<string, string>;
  /** Fans whose gates move. */
  smsMoved: Set<string>;
}

export function noDecisions(): Decisions {
  return {
    changes: noChanges(),
    blocked: new Map(),
    unblocked: new Map(),
    inbox: [],
    purposes: [],
    zips: new Map(),
    smsMoved: new Set(),
  };
}

export interface DecisionContext {
  now: Date;
  /** The country of the number accepts a keyword as consent (R99). */
  acceptsKeyword: (number: string) => boolean;
}

/** A text that is being decided: where its number stands moves along with each text of the batch. */
export interface Case {
  text: ReceivedText;
  state: ConsentState;
  context: DecisionContext;
  out: Decisions;
}

/** What the system answers, in the words of `messages/compliance-texts.ts`. */
export type AnswerKind = 'stop' | 'start' | 'help' | 'confirm' | 'request' | 'unmatched' | 'code';

/** What the admission leaves for `outbound/plan-answer.ts`. */
export type AnswerData = {
  answer: AnswerKind;
  connectionId: string;
  sender: string;
  address: string;
  /** When the fan's text came in. */
  at: string;
  /** From when on nobody waits for it any more. */
  giveUpAt: string;
  isSharedSender: boolean;
  /** The confirmation of a living consent's end: no limit keeps it back (R108). */
  isOwed: boolean;
  /** Of the answer `code`. */
  code?: string;
};

const lateMs = 60 * 60_000;

/**
 * One answer of the system, due at once. While one of its kind is on its way to the number, another
 * is not made: a flood of texts makes no flood of work (R108).
 */
export function answer({ text, state, context }: Case, kind: AnswerKind, isOwed = false): NewItem {
  const { connectionId, to, from, at, isSharedSender } = text;
  const data: AnswerData = {
    answer: kind,
    connectionId,
    sender: to,
    address: from,
    at: at.toISOString(),
    giveUpAt: new Date(context.now.getTime() + lateMs).toISOString(),
    isSharedSender,
    isOwed,
  };
  return {
    kind: 'send',
    fanId: state.fanId,
    priority: priority.compliance,
    dueAt: context.now,
    promise: `answer:${kind}:${isOwed ? 'owed:' : ''}${to}:${from}`,
    data,
  };
}

/** The provider has not answered it, and no other project does. */
export function isOursToAnswer({ text }: Case): boolean {
  return text.handled === null && text.isAnswerer;
}

const commands: ReadonlySet<string> = new Set(['stop', 'start', 'help', 'yes']);
const maxCommand = 40;

/** The event of a text that starts no flow. */
export function plainText({ text, state }: Case, reading: string, items: NewItem[]): Admission {
  const subject: JsonObject = { reading, connectionId: text.connectionId, sender: text.to };
  // The very word, for whoever asks later what she wrote; sentences stand in the inbox.
  if (commands.has(reading)) subject['text'] = cutText(text.body, maxCommand);
  return { fanId: state.fanId, type: 'sms.received', subject, candidates: [], items };
}

/** R97: a consent has become active. */
export function optedIn(source: 'keyword' | 'yes'): CausedEvent {
  return { type: 'sms.opted_in', subject: { source } };
}

/** A text that was caught up on, and that the fan took back since: it restores and gives nothing. */
export function isOlderThanStop({ text, state }: Case): boolean {
  return state.optedOutAt !== null && text.at < state.optedOutAt;
}
