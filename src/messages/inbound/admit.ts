import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import { hasChanges } from '#fans/consent-changes.ts';
import { readConsentStates } from '#fans/consent-state.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import type { FlowIndex } from '#flows/flow-index.ts';
import { packFor } from '../countries/index.ts';
import type { LocateNumber } from '../quiet-hours/zones.ts';
import { decideText } from './decide.ts';
import { noDecisions, type DecisionContext, type Decisions } from './decisions.ts';
import { receivedText, type ReceivedText } from './inbound-text.ts';
import { readText, type Reading } from './reading.ts';
import { writeDecisions } from './write-decisions.ts';

export interface InboundDeps {
  locate: LocateNumber;
}

interface Read {
  text: ReceivedText;
  reading: Reading;
}

/**
 * Admits inbound texts inside the accepting transaction: opt-out words first (R18), then keywords,
 * then the inbox. Consent, opt-outs, blocks, holds and purposes are written here, with their gates,
 * so that a text queued for the fan is stopped by the same commit that records the STOP (R44).
 */
export async function admitTexts(
  tx: Tx,
  deps: InboundDeps,
  projectId: string,
  index: FlowIndex,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const reads = entries.map(({ entry }): Read => {
    const text = receivedText(entry);
    return { text, reading: readText(text, index) };
  });
  const numbers = reads.map(({ text }) => text.from);
  const zips = new Map(reads.flatMap(({ text: { from, zip } }) => (zip === null ? [] : [[from, zip]])));
  const fans = await resolveFans(tx, projectId, 'sms', numbers, now, zips);
  const context: DecisionContext = {
    now,
    acceptsKeyword: (number) => packFor(deps.locate(number).country).keywordIsConsent,
  };
  let decided = await decideAll(tx, projectId, reads, fans, context, false);
  // Something is to be written: decide once more with the fans locked, since what was read may have
  // changed under another transaction. (The common case, a known fan's keyword, writes nothing.)
  if (changesFacts(decided.out)) decided = await decideAll(tx, projectId, reads, fans, context, true);
  await writeDecisions(tx, projectId, decided.out, now);
  return decided.admissions;
}

async function decideAll(
  tx: Tx,
  projectId: string,
  reads: readonly Read[],
  fans: ReadonlyMap<string, string>,
  context: DecisionContext,
  lock: boolean,
): Promise<{ out: Decisions; admissions: Admission[] }> {
  const states = await readConsentStates(tx, projectId, fans, { lock });
  const out = noDecisions();
  const admissions = reads.map(({ text, reading }) => {
    const state = states.get(text.from);
    // Erased at this very moment: the text is delivered again and makes a new fan.
    if (state === undefined) throw new Error('a fan was erased while her text was accepted');
    return decideText({ text, state, context, out }, reading);
  });
  return { out, admissions };
}

function changesFacts(out: Decisions): boolean {
  return hasChanges(out.changes) || out.zips.size > 0 || out.blocked.size > 0 || out.unblocked.size > 0;
}
