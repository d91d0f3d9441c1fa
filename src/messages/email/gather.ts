import type { CallOptions, EmailBatch, EmailClient, EmailMessage, SentEmail } from '#connectors/connector.ts';
import { ConnectorError, RetryLater } from '#lib/errors.ts';

interface Mail extends CallOptions {
  message: EmailMessage;
}

interface Waiting {
  mail: Mail;
  settle: (answer: SentEmail | ConnectorError) => void;
  fail: (error: unknown) => void;
}

type Gatherer = (connectionId: string, client: EmailClient, mail: Mail) => Promise<SentEmail>;

/**
 * Sends the mails of a connection together where its provider takes many in one call: what comes while
 * a call is under way goes with the next, so that a single mail waits for nothing. Where a provider
 * recognises a key each mail goes alone: a list whose members nobody remembers after a crash could not
 * be asked for again. Each mail gets its own answer; a call whose end is unknown is that for all of it.
 */
export function createGatherer(): Gatherer {
  const waiting = new Map<string, Waiting[]>();

  async function drain(connectionId: string, batch: EmailBatch, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) await sendTogether(batch, queue.splice(0, batch.max));
    // In the same turn as the last look: a mail that comes after it starts anew.
    waiting.delete(connectionId);
  }

  return async (connectionId, client, mail) => {
    const { batch, repeat } = client;
    if (batch === undefined || repeat.class === 'keyed') return client.send(mail.message, mail);
    const answer = await new Promise<SentEmail | ConnectorError>((settle, fail) => {
      const one: Waiting = { mail, settle, fail };
      const queue = waiting.get(connectionId);
      if (queue !== undefined) return void queue.push(one);
      const own = [one];
      waiting.set(connectionId, own);
      void drain(connectionId, batch, own);
    });
    if (answer instanceof ConnectorError) throw answer;
    return answer;
  };
}

/** Throws nothing: each mail is told its own end. */
async function sendTogether(batch: EmailBatch, all: readonly Waiting[]): Promise<void> {
  const late = all.filter(({ mail }) => mail.signal?.aborted);
  for (const { fail } of late) fail(new RetryLater('The mail was not begun in time.'));
  const live = all.filter((one) => !late.includes(one));
  const [oldest] = live;
  if (oldest === undefined) return;
  try {
    const answers = await batch.send(
      live.map(({ mail }) => mail.message),
      {
        key: oldest.mail.key,
        signal: oldest.mail.signal,
        mayLeave: () => live.every(({ mail }) => mail.mayLeave?.() !== false),
      },
    );
    live.forEach(({ settle, fail }, index) => {
      const answer = answers[index];
      if (answer === undefined) fail(new Error('a batch answers for each of its mails'));
      else settle(answer);
    });
  } catch (error) {
    for (const { fail } of live) fail(error);
  }
}
