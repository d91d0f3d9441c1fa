import type { Connection } from '#connections/connections.ts';
import type { WebhookItem, WebhookRequest } from '#connectors/connector.ts';

type SocialItem = Extract<WebhookItem, { kind: 'direct_message' | 'echo' | 'comment' }>;

export function isSocialItem(item: WebhookItem): item is SocialItem {
  return item.kind === 'direct_message' || item.kind === 'echo' || item.kind === 'comment';
}

/**
 * An app at the provider has one address, whichever of its accounts something happens to: each item goes to
 * the connection whose account it is, provided that the request is signed with that one's secret too. What
 * belongs to no connection is left out.
 */
export async function shareOut(
  connection: Connection,
  all: () => Promise<readonly Connection[]>,
  request: WebhookRequest,
  items: readonly SocialItem[],
): Promise<Map<Connection, SocialItem[]>> {
  const shares = new Map<Connection, SocialItem[]>();
  for (const [accountId, own] of Map.groupBy(items, accountOf)) {
    const holder = await findHolder(connection, all, request, accountId);
    if (holder !== undefined) shares.set(holder, [...(shares.get(holder) ?? []), ...own]);
  }
  return shares;
}

function accountOf(item: SocialItem): string {
  return item.kind === 'comment' ? item.comment.accountId : item.message.accountId;
}

async function findHolder(
  connection: Connection,
  all: () => Promise<readonly Connection[]>,
  request: WebhookRequest,
  accountId: string,
): Promise<Connection | undefined> {
  if (connection.social?.account?.id === accountId) return connection;
  const others = (await all()).filter(
    ({ connector, state, social }) =>
      connector === connection.connector && state !== 'disabled' && social?.account?.id === accountId,
  );
  for (const other of others) if (await other.webhook?.verify(request)) return other;
  return undefined;
}
