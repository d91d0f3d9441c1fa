import {
  priority,
  type Admission,
  type Candidate,
  type CausedEvent,
  type NewItem,
} from '#engine/contract.ts';
import { clearOptOut, giveConsent, setHeld } from '#fans/consent-changes.ts';
import type { ActiveFlow } from '#flows/flow-index.ts';
import { cutText } from '#lib/clean-text.ts';
import type { KeywordMatch } from '#triggers/keyword/match-keyword.ts';
import { answer, isOlderThanStop, optedIn, type Case } from './decisions.ts';
import type { ReceivedText } from './inbound-text.ts';

/** As much of the text as the run shows ("read as PRESAVE"). */
const maxShown = 160;

/** A keyword starts its flow; in `consent` mode it also opts in, where the country accepts that (R94). */
export function decideKeyword(one: Case, { value: flow, keyword, how }: KeywordMatch<ActiveFlow>): Admission {
  const { text, state, out } = one;
  // A fan held for a doubtful sentence who texts a keyword has answered the doubt (R41).
  if (setHeld(out.changes, state, false)) out.smsMoved.add(state.fanId);
  const items: NewItem[] = [];
  const raises: CausedEvent[] = [];
  if (givesConsent(one, flow)) {
    if (consentByKeyword(one, flow)) {
      items.push(confirmation(one));
      raises.push(optedIn('keyword'));
    }
    addPurposes(one, flow);
  } else if (state.optedOutAt !== null) {
    out.inbox.push({ fanId: state.fanId, text, reason: 'opted_out' });
  }
  const { connectionId, to: sender } = text;
  return {
    fanId: state.fanId,
    type: 'sms.keyword',
    subject: { keyword, how, text: cutText(text.body, maxShown), connectionId, sender },
    candidates: [candidate(flow, text)],
    items,
    raises,
  };
}

/** A text that came in late must not undo a STOP that was sent after it (R42). */
function givesConsent(one: Case, flow: ActiveFlow): boolean {
  if (flow.trigger.config['mode'] !== 'consent' || flow.callToAction === null) return false;
  return !isOlderThanStop(one) && one.context.acceptsKeyword(one.text.from);
}

/** True when the consent is new; a living one stays as it is and nothing is written. */
function consentByKeyword({ text, state, out }: Case, { flowId, callToAction }: ActiveFlow): boolean {
  const isLiving = state.live !== null && state.live.activeAt !== null && state.optedOutAt === null;
  if (callToAction === null || isLiving) return false;
  clearOptOut(out.changes, state, text.at);
  const { text: words, version: textVersion, perMonth } = callToAction;
  const { providerId: messageId, connectionId, to: sender } = text;
  const source = { flowId, messageId, connectionId, sender };
  giveConsent(out.changes, state, { text: words, textVersion, perMonth, method: 'keyword', source }, text.at);
  out.smsMoved.add(state.fanId);
  return true;
}

/** The published words say what the keyword does: that covers those steps and no others (R100). */
function addPurposes({ state, out }: Case, { steps, callToAction }: ActiveFlow) {
  const { fanId } = state;
  const words = callToAction?.text ?? '';
  for (const { step, config } of steps) {
    const { releaseId, artistId } = config;
    if ((step === 'presave' || step === 'save-release') && typeof releaseId === 'string') {
      out.purposes.push({ fanId, kind: 'release', targetId: releaseId, words });
    } else if (step === 'follow-artist' && typeof artistId === 'string') {
      out.purposes.push({ fanId, kind: 'follow', targetId: artistId, words });
    }
  }
}

function candidate({ flowId, flowVersionId, reentry }: ActiveFlow, text: ReceivedText): Candidate {
  // What the one reply needs to know (R94): where the fan wrote to, and from which number.
  const reply = { connectionId: text.connectionId, sender: text.to, address: text.from };
  return { flowId, flowVersionId, reentry, priority: priority.reply, data: { reply } };
}

/** R39: waits ten seconds whether a text of the flow carries the confirmation; then it goes alone. */
const rideMs = 10_000;

function confirmation(one: Case): NewItem {
  const dueAt = new Date(one.context.now.getTime() + rideMs);
  return { ...answer(one, 'confirm'), dueAt, promise: `confirm:${one.state.live?.id ?? ''}` };
}
