import { ConnectorError, NeedsReconnect, RetryLater, UserError } from '#lib/errors.ts';
import type { Connection, Connections } from './connections.ts';

export interface TestDeps {
  connections: Pick<Connections, 'findFresh' | 'noteSuccess' | 'noteError'>;
}

/** A bar code that is nobody's: asked for, a service answers that it has no such work. */
const noUpc = '000000000000';

/**
 * Asks the provider one harmless question with the connection's settings: nothing is sent and nothing changes
 * there. What came of it is noted as the connection's health. `trouble`: the provider's answer in a sentence;
 * null: it works. 422 where there is nothing to be asked.
 */
export async function testConnection(
  { connections }: TestDeps,
  connectionId: string,
): Promise<{ trouble: string | null }> {
  const connection = await connections.findFresh(connectionId);
  const ask = connection === undefined ? null : questionOf(connection);
  if (ask === null)
    throw new UserError(422, 'invalid', 'This provider can be asked nothing without sending something.');
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    connections.noteError(connectionId, error.reason, stateAfter(error));
    return { trouble: error.reason };
  }
  connections.noteSuccess(connectionId);
  return { trouble: null };
}

/** That a provider is away says nothing about the settings. */
function stateAfter(error: ConnectorError): 'needs_reconnect' | 'error' | undefined {
  if (error instanceof RetryLater) return undefined;
  return error instanceof NeedsReconnect ? 'needs_reconnect' : 'error';
}

/** Null: a mail is the only question that a mail service answers. */
export function questionOf({
  sms,
  social,
  lookup,
}: Pick<Connection, 'sms' | 'social' | 'lookup'>): (() => Promise<unknown>) | null {
  if (sms !== null) return () => sms.countSent(new Date().toISOString().slice(0, 10));
  if (social !== null) return () => social.listPosts();
  if (lookup?.findByUpc !== undefined) return () => lookup.findByUpc?.(noUpc) ?? Promise.resolve();
  return null;
}
