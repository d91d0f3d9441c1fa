import type { ActiveFlow, FlowIndex } from '#flows/flow-index.ts';
import { foldedWords } from '#lib/fold-text.ts';
import type { KeywordMatch } from '#triggers/keyword/match-keyword.ts';
import { isAutoReply, isReaction } from '../automatic-texts.ts';
import { mayMeanOptOut } from '../opt-out-sentences.ts';
import { readComplianceWord } from '../words.ts';
import type { ReceivedText } from './inbound-text.ts';

/** What a text means, before anything is known about who sent it. */
export type Reading =
  | { kind: 'stop' | 'start' | 'help' | 'yes' }
  | { kind: 'keyword'; match: KeywordMatch<ActiveFlow> }
  /** May mean STOP (R41): all sending to the fan is held until a person has read it. */
  | { kind: 'doubt' }
  | { kind: 'unmatched'; mayAnswer: boolean };

/** Compliance words come before any flow (R18); a phone's own texts match no near keyword (R107). */
export function readText(text: ReceivedText, index: FlowIndex): Reading {
  // What the provider took for an opt-out or a call for help is one, whatever our tables say. A yes
  // that it takes for START is only a yes to us.
  if (text.handled === 'stop' || text.handled === 'help') return { kind: text.handled };
  const { kind } = readComplianceWord(text.body);
  if (kind !== null && kind !== 'yes') return { kind };
  const byPhone = isReaction(text.body) || isAutoReply(text.body);
  const match = index.keywords(text.connectionId).match(text.body, { near: !byPhone });
  // A sentence that means STOP is one though a keyword stands in it: "tour texts: stop sending them" (R41).
  const isDoubtful = !byPhone && match?.how !== 'exact' && mayMeanOptOut(text.body);
  if (isDoubtful) return { kind: 'doubt' };
  if (match !== null && !(byPhone && match.how !== 'exact')) return { kind: 'keyword', match };
  if (kind === 'yes') return { kind: 'yes' };
  const words = foldedWords(text.body).length;
  return { kind: 'unmatched', mayAnswer: !byPhone && words > 0 && words <= 3 };
}
