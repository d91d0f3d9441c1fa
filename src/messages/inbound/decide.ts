import type { Admission, Candidate, JsonObject, NewItem } from '#engine/contract.ts';
import { priority } from '#engine/contract.ts';
import { newConsent, type ConsentChanges, type ConsentState } from '#fans/consent-state.ts';
import type { ActiveFlow } from '#flows/flow-index.ts';
import type { ReceivedText } from './inbound-text.ts';
import type { Reading } from './reading.ts';

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

/** Everything a batch of texts changes, beside the runs that it starts. */
export interface Decisions {
  changes: ConsentChanges;
  /** By provider: `sender number` pairs newly blocked, and no longer so (R98). */
  blocked: Map<string, { sender: string; address: string }>;
  unblocked: Map<string, { sender: string; address: string }>;
  inbox: InboxWrite[];
  purposes: PurposeWrite[];
  /** Fans whose gates move. */
  smsMoved: Set<string>;
}

export interface DecisionContext {
  now: Date;
  /** Texts of this number are read by more than one project (R117). */
  isSharedSender: boolean;
  answersUnmatched: boolean;
  /** The country of the number accepts a keyword as consent (R99). */
  acceptsKeyword: (number: string) => boolean;
}

/** What the system answers, in the words of `messages/compliance-texts.ts`. */
export type AnswerKind = 'stop' | 'start' | 'help' | 'confirm' | 'unmatched';

/**
 * Decides one text, given where its number stands; writes what it changes into `out` and keeps
 * `state` as it will be afterwards, so that the next text of the same number in the batch sees it.
 */
export function decideText(
  text: ReceivedText,
  reading: Reading,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  noteProvider(text, state, out);
  if (reading.kind === 'stop') return decideStop(text, state, context, out);
  if (reading.kind === 'start') return decideStart(text, state, context, out);
  if (reading.kind === 'help')
    return plain(text, state, 'help', text.handled === null ? [answer(text, state, 'help', context)] : []);
  if (reading.kind === 'keyword') return decideKeyword(text, reading, state, context, out);
  if (reading.kind === 'yes' && state.live !== null && state.live.activeAt === null)
    return decideYes(text, state, context, out);
  return decideOther(text, reading, state, context, out);
}

/** The provider blocks and unblocks a pair by itself; we only learn of it. */
function noteProvider(text: ReceivedText, state: ConsentState, out: Decisions) {
  const pair = { sender: text.to, address: text.from };
  const key = `${pair.sender} ${pair.address}`;
  if (text.handled === 'stop') {
    out.blocked.set(key, pair);
    out.unblocked.delete(key);
  } else if (text.handled === 'start') {
    out.unblocked.set(key, pair);
    out.blocked.delete(key);
  } else return;
  out.smsMoved.add(state.fanId);
}

function decideStop(
  text: ReceivedText,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  const { changes } = out;
  const hadConsent = state.live !== null;
  const word = text.body.slice(0, 40);
  changes.revoke.set(state.address, word);
  changes.grant.delete(state.address);
  changes.activate.delete(state.address);
  changes.clearOptOut.delete(state.address);
  changes.optOut.set(state.address, word);
  if (state.isHeld) changes.hold.set(state.fanId, false);
  out.smsMoved.add(state.fanId);
  const isNews = hadConsent || !state.isOptedOut;
  Object.assign(state, { live: null, isOptedOut: true, isHeld: false });
  // One confirmation reaches the fan: the provider's, or ours; a repeated STOP needs no second one.
  const answers =
    text.handled === null && isNews ? [answer(text, state, 'stop', context, { always: hadConsent })] : [];
  return plain(text, state, 'stop', answers);
}

function decideStart(
  text: ReceivedText,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  if (state.last === null) {
    // From a number never met: information, no consent (R18).
    return plain(text, state, 'start', text.handled === null ? [answer(text, state, 'help', context)] : []);
  }
  restore(state, context, out, text);
  const perMonth = state.live?.perMonth ?? null;
  const answers = text.handled === null ? [answer(text, state, 'start', context, { perMonth })] : [];
  return plain(text, state, 'start', answers);
}

function restore(state: ConsentState, context: DecisionContext, out: Decisions, text: ReceivedText) {
  const { changes } = out;
  if (state.isOptedOut) changes.clearOptOut.add(state.address);
  changes.optOut.delete(state.address);
  if (state.isHeld) changes.hold.set(state.fanId, false);
  if (state.live === null && state.last !== null) {
    const consent = newConsent({
      ...state.last,
      fanId: state.fanId,
      address: state.address,
      method: 'restart',
      source: { messageId: text.providerId, connectionId: text.connectionId, restores: state.last.id },
      grantedAt: context.now,
      activeAt: context.now,
    });
    changes.grant.set(state.address, consent);
    state.live = consent;
    state.last = consent;
  }
  Object.assign(state, { isOptedOut: false, isHeld: false });
  out.smsMoved.add(state.fanId);
}

function decideYes(
  text: ReceivedText,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  out.changes.activate.add(state.address);
  out.smsMoved.add(state.fanId);
  if (state.live !== null) state.live = { ...state.live, activeAt: context.now };
  return plain(text, state, 'yes', [answer(text, state, 'confirm', context)]);
}

function decideKeyword(
  text: ReceivedText,
  { match }: Extract<Reading, { kind: 'keyword' }>,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  const flow = match.value;
  // A fan held for a doubtful sentence who texts a keyword has answered the doubt (R41).
  if (state.isHeld) {
    out.changes.hold.set(state.fanId, false);
    state.isHeld = false;
    out.smsMoved.add(state.fanId);
  }
  const cta = flow.callToAction;
  const givesConsent =
    flow.trigger.config['mode'] === 'consent' && cta !== null && context.acceptsKeyword(text.from);
  const items: NewItem[] = [];
  if (givesConsent) {
    if (consentByKeyword(text, flow, state, context, out)) items.push(confirmation(text, state, context));
    addPurposes(flow, cta.text, state, out);
  } else if (state.isOptedOut) {
    out.inbox.push({ fanId: state.fanId, text, reason: 'opted_out' });
  }
  return {
    fanId: state.fanId,
    type: 'sms.keyword',
    subject: {
      keyword: match.keyword,
      how: match.how,
      text: text.body.slice(0, 160),
      connectionId: text.connectionId,
      sender: text.to,
    },
    candidates: [candidate(flow, text)],
    items,
  };
}

/** True when the consent is new. */
function consentByKeyword(
  text: ReceivedText,
  flow: ActiveFlow,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): boolean {
  const cta = flow.callToAction!; // the caller looked
  if (state.isOptedOut) {
    out.changes.clearOptOut.add(state.address);
    out.changes.optOut.delete(state.address);
    state.isOptedOut = false;
    out.smsMoved.add(state.fanId);
  }
  if (state.live !== null && state.live.activeAt !== null) return false;
  if (state.live !== null) out.changes.revoke.set(state.address, 'replaced');
  const consent = newConsent({
    fanId: state.fanId,
    address: state.address,
    text: cta.text,
    textVersion: cta.version,
    perMonth: cta.perMonth,
    method: 'keyword',
    source: {
      flowId: flow.flowId,
      messageId: text.providerId,
      connectionId: text.connectionId,
      sender: text.to,
    },
    grantedAt: context.now,
    activeAt: context.now,
  });
  out.changes.grant.set(state.address, consent);
  out.smsMoved.add(state.fanId);
  Object.assign(state, { live: consent, last: consent });
  return true;
}

/** The published words say what the keyword does: that covers those steps and no others (R100). */
function addPurposes(flow: ActiveFlow, words: string, state: ConsentState, out: Decisions) {
  for (const { step, config } of flow.steps) {
    const { releaseId, artistId } = config;
    if ((step === 'presave' || step === 'save-release') && typeof releaseId === 'string') {
      out.purposes.push({ fanId: state.fanId, kind: 'release', targetId: releaseId, words });
    } else if (step === 'follow-artist' && typeof artistId === 'string') {
      out.purposes.push({ fanId: state.fanId, kind: 'follow', targetId: artistId, words });
    }
  }
}

function candidate(flow: ActiveFlow, text: ReceivedText): Candidate {
  return {
    flowId: flow.flowId,
    flowVersionId: flow.flowVersionId,
    reentry: flow.reentry,
    priority: priority.reply,
    // What the one reply needs to know (R94): where the fan wrote to, and from which number.
    data: { reply: { connectionId: text.connectionId, sender: text.to, address: text.from } },
  };
}

function decideOther(
  text: ReceivedText,
  reading: Reading,
  state: ConsentState,
  context: DecisionContext,
  out: Decisions,
): Admission {
  if (reading.kind === 'doubt') {
    out.inbox.push({ fanId: state.fanId, text, reason: 'doubt' });
    if (!state.isHeld && !state.isOptedOut) {
      out.changes.hold.set(state.fanId, true);
      state.isHeld = true;
      out.smsMoved.add(state.fanId);
    }
    return plain(text, state, 'doubt', []);
  }
  out.inbox.push({ fanId: state.fanId, text, reason: 'unmatched' });
  const mayAnswer =
    reading.kind === 'unmatched' &&
    reading.mayAnswer &&
    text.mediaCount === 0 &&
    context.answersUnmatched &&
    !state.isOptedOut &&
    !state.isHeld;
  return plain(text, state, 'unmatched', mayAnswer ? [answer(text, state, 'unmatched', context)] : []);
}

function plain(text: ReceivedText, state: ConsentState, reading: string, items: NewItem[]): Admission {
  return {
    fanId: state.fanId,
    type: 'sms.received',
    subject: { reading, connectionId: text.connectionId, sender: text.to },
    candidates: [],
    items,
  };
}

/** One answer of the system, due at once. */
function answer(
  text: ReceivedText,
  state: ConsentState,
  kind: AnswerKind,
  context: DecisionContext,
  more: JsonObject = {},
): NewItem {
  return {
    kind: 'send',
    fanId: state.fanId,
    priority: priority.compliance,
    dueAt: context.now,
    data: {
      answer: kind,
      connectionId: text.connectionId,
      sender: text.to,
      address: text.from,
      at: context.now.toISOString(),
      isSharedSender: context.isSharedSender,
      ...more,
    },
  };
}

/** R39: waits ten seconds whether a text of the flow carries the confirmation; then it goes alone. */
const rideMs = 10_000;

function confirmation(text: ReceivedText, state: ConsentState, context: DecisionContext): NewItem {
  const item = answer(text, state, 'confirm', context);
  return {
    ...item,
    dueAt: new Date(context.now.getTime() + rideMs),
    promise: `confirm:${state.live?.id ?? ''}`,
  };
}
