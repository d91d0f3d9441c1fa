import type { Admission } from '#engine/contract.ts';
import {
  activateConsent,
  clearOptOut,
  endConsent,
  giveConsent,
  optOut,
  setHeld,
} from '#fans/consent-changes.ts';
import { cutText } from '#lib/clean-text.ts';
import { decideKeyword } from './decide-keyword.ts';
import { answer, isOlderThanStop, isOursToAnswer, optedIn, plainText, type Case } from './decisions.ts';
import type { Reading } from './reading.ts';

/** As much of the fan's own words as proves an opt-out. */
const maxWord = 40;

/**
 * Decides one text, given where its number stands: writes what it changes into `out` and moves
 * `state` along. What the provider did by itself comes first, then compliance words (R18), then
 * keywords, then a yes that completes something, then the inbox.
 */
export function decideText(one: Case, reading: Reading): Admission {
  noteProvider(one);
  noteZip(one);
  switch (reading.kind) {
    case 'stop':
      return decideStop(one);
    case 'start':
      return decideStart(one);
    case 'help':
      return plainText(one, 'help', isOursToAnswer(one) ? [answer(one, 'help')] : []);
    case 'keyword':
      return decideKeyword(one, reading.match);
    case 'doubt':
      return decideDoubt(one);
    case 'yes':
      return isPending(one) ? decideYes(one) : decideUnmatched(one, true);
    case 'unmatched':
      return decideUnmatched(one, reading.mayAnswer);
  }
}

/** The provider blocks and unblocks a pair by itself; we only learn of it (R98). */
function noteProvider({ text, state, out }: Case) {
  if (text.handled !== 'stop' && text.handled !== 'start') return;
  const pair = { sender: text.to, address: text.from };
  const key = `${pair.sender} ${pair.address}`;
  const [to, from] = text.handled === 'stop' ? [out.blocked, out.unblocked] : [out.unblocked, out.blocked];
  to.set(key, pair);
  from.delete(key);
  out.smsMoved.add(state.fanId);
}

/** A number that is registered elsewhere than before: quiet hours go by both (R46). */
function noteZip({ text, state, out }: Case) {
  if (text.zip === null || text.zip === state.zip) return;
  out.zips.set(state.fanId, text.zip);
  out.smsMoved.add(state.fanId);
  state.zip = text.zip;
}

/** R40: revoked at once; one confirmation reaches the fan, the provider's or ours. */
function decideStop(one: Case): Admission {
  const { text, state, out } = one;
  const word = cutText(text.body, maxWord);
  const hadConsent = state.live !== null;
  const isNews = hadConsent || state.optedOutAt === null;
  endConsent(out.changes, state, word, text.at);
  optOut(out.changes, state, word, text.at);
  setHeld(out.changes, state, false);
  out.smsMoved.add(state.fanId);
  return plainText(one, 'stop', isNews && isOursToAnswer(one) ? [answer(one, 'stop', hadConsent)] : []);
}

/**
 * R18, R42: what STOP took is given back, a doubt is answered (R41). From a number that never
 * consented there is nothing to give back: information, no consent.
 */
function decideStart(one: Case): Admission {
  const { text, state, context, out } = one;
  if (!isOlderThanStop(one)) {
    clearOptOut(out.changes, state, text.at);
    setHeld(out.changes, state, false);
    activateConsent(out.changes, state, context.now);
    if (state.live === null && state.last !== null) {
      const { providerId: messageId, connectionId } = text;
      const source = { messageId, connectionId, restores: state.last.id };
      giveConsent(out.changes, state, { ...state.last, method: 'restart', source }, text.at);
    }
    out.smsMoved.add(state.fanId);
  }
  const kind = state.live === null ? 'help' : 'start';
  return plainText(one, 'start', isOursToAnswer(one) ? [answer(one, kind)] : []);
}

function isPending({ state }: Case): boolean {
  return state.live !== null && state.live.activeAt === null;
}

/** R97: completes a pending opt-in. */
function decideYes(one: Case): Admission {
  const { state, context, out } = one;
  activateConsent(out.changes, state, context.now);
  // The fan's own new opt-in ends a STOP from before it (R42).
  if (!isOlderThanStop(one)) clearOptOut(out.changes, state, one.text.at);
  out.smsMoved.add(state.fanId);
  // Always ours: what the provider says to a yes is not the confirmation that we owe.
  return { ...plainText(one, 'yes', [answer(one, 'confirm')]), raises: [optedIn('yes')] };
}

/** R41: may mean STOP; nothing goes out until a person, a keyword or START has said otherwise. */
function decideDoubt(one: Case): Admission {
  const { text, state, out } = one;
  // Who has opted out gets nothing anyway: there is nothing to decide.
  out.inbox.push({ fanId: state.fanId, text, reason: state.optedOutAt === null ? 'doubt' : 'opted_out' });
  if (state.optedOutAt === null && setHeld(out.changes, state, true)) out.smsMoved.add(state.fanId);
  return plainText(one, 'doubt', []);
}

/** R107: to the inbox; a short one may be answered with what can be texted. */
function decideUnmatched(one: Case, mayAnswer: boolean): Admission {
  const { text, state, out } = one;
  out.inbox.push({ fanId: state.fanId, text, reason: 'unmatched' });
  const isAnswered = mayAnswer && text.mediaCount === 0 && state.optedOutAt === null && !state.isHeld;
  return plainText(one, 'unmatched', isAnswered ? [answer(one, 'unmatched')] : []);
}
