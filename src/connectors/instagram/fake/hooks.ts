import { setTimeout as wait } from 'node:timers/promises';
import type { FakeOptions } from '../../connector.ts';
import { signInstagram } from '../signature.ts';
import type { FakeAccount, FakeComment, FakeMessage, FakePerson, FakePost } from './state.ts';

/** Instagram goes on for a day and a half; whoever looks on here does not. */
const attempts = 3;
const againAfterMs = 200;

/** Tells Segue what happened, as Instagram does: signed, non-ASCII escaped, again while it is not taken. */
export function createHooks(parts: { options: FakeOptions; appSecret: string }) {
  const { options, appSecret } = parts;
  const underWay = new Set<Promise<unknown>>();

  async function call(entry: object): Promise<number | null> {
    const { webhookUrl, deliver } = options;
    if (webhookUrl === undefined) return null;
    const body = escapeNonAscii(JSON.stringify({ object: 'instagram', entry: [entry] }));
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': signInstagram(appSecret, body),
    };
    let status: number | null = null;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      status = (await deliver({ url: webhookUrl(), headers, body }).catch(() => null))?.status ?? null;
      if (status !== null && status < 300) return status;
      if (attempt < attempts) await wait(againAfterMs * attempt, undefined, { ref: false });
    }
    return status;
  }

  function tell(entry: object): Promise<number | null> {
    const made = call(entry);
    underWay.add(made);
    void made.finally(() => underWay.delete(made));
    return made;
  }

  return {
    tell,
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

export function messageEntry(account: FakeAccount, message: FakeMessage): object {
  const { id: mid, personId, text, direction, at } = message;
  const timestamp = Date.parse(at);
  const [sender, recipient] = direction === 'in' ? [personId, account.id] : [account.id, personId];
  const echo = direction === 'in' ? {} : { is_echo: true };
  const messaging = [
    { sender: { id: sender }, recipient: { id: recipient }, timestamp, message: { mid, text, ...echo } },
  ];
  return { id: account.id, time: timestamp, messaging };
}

/** `isFlat`: the documented form of the Instagram login, without `changes`. */
export function commentEntry(
  account: FakeAccount,
  { comment, person, post }: { comment: FakeComment; person: FakePerson; post: FakePost },
  isFlat: boolean,
): object {
  const value = {
    id: comment.id,
    from: { id: person.scopedId, username: person.name },
    media: { id: post.id, media_product_type: post.kind },
    text: comment.text,
  };
  const change = { field: 'comments', value };
  const time = Math.floor(Date.parse(comment.at) / 1_000);
  return { id: account.id, time, ...(isFlat ? change : { changes: [change] }) };
}

function escapeNonAscii(text: string): string {
  return text.replace(/[^\0-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
