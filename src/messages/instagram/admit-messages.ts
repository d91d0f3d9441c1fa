import type { Tx } from '#db/database.ts';
import { priority, type Admission, type Candidate, type Entry } from '#engine/contract.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import type { FlowIndex } from '#flows/flow-index.ts';
import { cutText } from '#lib/clean-text.ts';
import { receivedMessage, type ReceivedMessage } from './entries.ts';
import { openWindows, readStandings, type Standing } from './conversations.ts';
import { readMessage, type MessageReading } from './reading.ts';
import { noWrites, writeMessages, type MessageWrites } from './write-messages.ts';

/** As much of the message as the run shows. */
const maxShown = 160;
/** How long nothing automatic is written to who asked for a person (R116). */
export const silenceMs = 24 * 3_600_000;

/**
 * Admits messages inside the accepting transaction: every one opens the fan's 24 hours (R70); STOP and
 * HUMAN come before any flow. What is written here moves the fan's gate, so that a message on its way
 * to her is stopped by the same commit (R73).
 */
export async function admitMessages(
  tx: Tx,
  projectId: string,
  index: FlowIndex,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const reads = entries.map(({ entry }) => {
    const message = receivedMessage(entry);
    return { message, reading: readMessage(message, index) };
  });
  const addresses = reads.map(({ message }) => message.address);
  const fans = await resolveFans(tx, projectId, 'instagram', addresses, now);
  const fanOf = ({ address }: ReceivedMessage): string => {
    const fanId = fans.get(address);
    if (fanId === undefined) throw new Error('a fan was erased while her message was accepted');
    return fanId;
  };
  await openWindows(
    tx,
    projectId,
    reads.map(({ message }) => ({ ...message, fanId: fanOf(message) })),
  );
  const standings = await readStandings(
    tx,
    projectId,
    reads.map(({ message }) => message),
  );
  const out = noWrites();
  const admissions = reads.map(({ message, reading }) => {
    const standing = standings(message);
    return decide({ message, reading, fanId: fanOf(message), standing, now, out });
  });
  const others = await writeMessages(tx, projectId, out, now);
  const moved = new Set(reads.map(({ message }) => gateKeys.instagram(fanOf(message))));
  await signal(
    tx,
    projectId,
    [...moved, ...others].map((key) => ({ key })),
  );
  return admissions;
}

interface Case {
  message: ReceivedMessage;
  reading: MessageReading;
  fanId: string;
  /** Moves along with each message of a batch. */
  standing: Standing;
  now: Date;
  out: MessageWrites;
}

function decide(one: Case): Admission {
  const { message, reading, standing, fanId, now, out } = one;
  switch (reading.kind) {
    case 'stop':
      standing.isOptedOut = true;
      out.optedOut.set(message.address, { word: cutText(message.text, 40), at: message.at });
      return admitted(one, 'stop', []);
    case 'start':
      if (!standing.isOptedOut) return unmatched(one);
      standing.isOptedOut = false;
      out.optedOut.set(message.address, null);
      return admitted(one, 'start', []);
    case 'human':
      standing.silencedUntil = new Date(now.getTime() + silenceMs);
      out.silenced.push({ message, until: standing.silencedUntil });
      out.inbox.push({ fanId, message, reason: 'human' });
      return admitted(one, 'human', []);
    case 'elsewhere':
      out.elsewhere.push({ fanId, message, isAboutMails: reading.isAboutMails });
      return admitted(one, 'doubt', []);
    case 'match': {
      if (standing.isOptedOut) return kept(one, 'opted_out');
      // Somebody is talking with her: a word of hers in it is no command.
      if (standing.silencedUntil !== null && standing.silencedUntil > now) return kept(one, 'human');
      return matched(one, reading.match);
    }
    case 'unmatched':
      return unmatched(one);
  }
}

function matched(
  one: Case,
  { flow, how, keyword }: Extract<MessageReading, { kind: 'match' }>['match'],
): Admission {
  const { flowId, flowVersionId, reentry } = flow;
  const { connectionId, address } = one.message;
  const data: Candidate['data'] = { instagram: { connectionId, address } };
  const candidate = { flowId, flowVersionId, reentry, priority: priority.reply, data };
  const admission = admitted(one, how, [candidate]);
  return { ...admission, subject: { ...admission.subject, ...(keyword === null ? {} : { keyword }) } };
}

function unmatched(one: Case): Admission {
  return kept(one, one.standing.isOptedOut ? 'opted_out' : 'unmatched');
}

/** To the inbox, for a person. */
function kept(one: Case, reason: 'opted_out' | 'human' | 'unmatched'): Admission {
  one.out.inbox.push({ fanId: one.fanId, message: one.message, reason });
  return admitted(one, 'unmatched', []);
}

/** `reading`: how it matched a flow, or what it was taken for; what is in the inbox stands there with its words. */
function admitted({ message, fanId }: Case, reading: string, candidates: Candidate[]): Admission {
  const { connectionId, text } = message;
  const subject = { text: cutText(text, maxShown), reading, connectionId };
  return { fanId, type: 'instagram.message', subject, candidates };
}
