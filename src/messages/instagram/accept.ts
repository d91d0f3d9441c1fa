import type { Connection } from '#connections/connections.ts';
import type {
  EchoedDirectMessage,
  InboundComment,
  InboundDirectMessage,
  WebhookItem,
} from '#connectors/connector.ts';
import type { AcceptResult, Entry } from '#engine/contract.ts';
import type { FlowIndexes } from '#flows/flow-index.ts';
import { commentEntry, messageEntry, receivedMessage } from './entries.ts';
import { readMessage } from './reading.ts';

export interface SocialDeps {
  indexes: FlowIndexes;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
  recordEcho: (connection: Connection, echo: EchoedDirectMessage) => Promise<void>;
}

/**
 * Brings what happened on Instagram to the projects it concerns and answers when all have committed. One
 * project: that one. An account lent to several (R117): the one whose flow it starts, else the first;
 * STOP and its like concern them all.
 */
export async function acceptSocial(
  deps: SocialDeps,
  connection: Connection,
  items: readonly WebhookItem[],
): Promise<void> {
  const account = connection.social?.account ?? null;
  if (account === null) return;
  for (const item of items) {
    if (item.kind === 'direct_message' && item.message.accountId === account.id)
      await acceptMessage(deps, connection, account.name ?? account.id, item.message);
    else if (item.kind === 'echo' && item.message.accountId === account.id)
      await deps.recordEcho(connection, item.message);
    else if (item.kind === 'comment' && item.comment.accountId === account.id)
      await acceptComment(deps, connection, item.comment);
  }
}

async function acceptMessage(
  deps: SocialDeps,
  { id, projectIds }: Connection,
  account: string,
  message: InboundDirectMessage,
): Promise<void> {
  const entry = messageEntry(id, account, message);
  const [first] = projectIds;
  if (first === undefined) return;
  if (projectIds.length === 1) return void (await deps.accept(first, entry));
  const received = receivedMessage(entry);
  const readings = await Promise.all(
    projectIds.map(async (projectId) => ({
      projectId,
      kind: readMessage(received, await deps.indexes.current(projectId)).kind,
    })),
  );
  const concernsAll = readings.some(({ kind }) => kind !== 'match' && kind !== 'unmatched');
  const chosen = readings.find(({ kind }) => kind === 'match')?.projectId ?? first;
  for (const projectId of concernsAll ? projectIds : [chosen]) await deps.accept(projectId, entry);
}

async function acceptComment(
  deps: SocialDeps,
  { id, projectIds }: Connection,
  comment: InboundComment,
): Promise<void> {
  const entry = commentEntry(id, comment);
  const place = { connectionId: id, mediaId: comment.mediaId };
  const [first] = projectIds;
  if (first === undefined) return;
  let chosen = first;
  for (const projectId of projectIds.length === 1 ? [] : projectIds) {
    const index = await deps.indexes.current(projectId);
    if (index.social('instagram-comment')(comment.text, place, { near: false }) === null) continue;
    chosen = projectId;
    break;
  }
  await deps.accept(chosen, entry);
}
