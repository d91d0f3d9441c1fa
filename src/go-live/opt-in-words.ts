import { writeAudit } from '#accounts/audit.ts';
import type { Connections } from '#connections/connections.ts';
import type { Db } from '#db/database.ts';
import { listFlowRows, type FlowRow } from '#flows/queries.ts';
import { ConnectorError, UserError } from '#lib/errors.ts';
import type { Caller } from '#lib/route.ts';
import { countryOf } from '#messages/number-country.ts';
import { keywordsOf } from './copies.ts';

/** No provider takes the keywords of more. */
const maxFlows = 100;

/**
 * R98: a fan who once texted STOP comes back with a keyword alone where the provider knows it as a word
 * that lifts its block. Enters the keywords of active flows for the countries of the connection's own
 * numbers and answers them. 404: not lent to the project; 422 with the provider's sentence.
 */
export async function enterOptInWords(
  { db, connections }: { db: Db; connections: Pick<Connections, 'findFresh'> },
  { projectId, actor }: Caller,
  connectionId: string,
): Promise<string[]> {
  const connection = await connections.findFresh(connectionId);
  if (connection?.projectIds.includes(projectId) !== true)
    throw new UserError(404, 'not_found', 'There is no such connection.');
  const { sms } = connection;
  if (sms?.enterOptInWords === undefined)
    throw refused('At this provider words are entered by hand; its set-up help says where.');
  const flows = await listFlowRows(db, projectId, { before: null, limit: maxFlows });
  const words = keywordsOf(flows.filter((flow) => isOver(flow, connectionId)));
  if (words.length === 0) throw refused('No active flow is started by a keyword on these numbers.');
  const countries = sms.senders.flatMap(({ value, country }) => country ?? countryOf(value) ?? []);
  try {
    await sms.enterOptInWords({ words, countries: [...new Set(countries)] });
  } catch (error) {
    if (error instanceof ConnectorError) throw refused(error.reason);
    throw error;
  }
  const entry = { actor, action: 'connection.words_entered', subject: `connection:${connectionId}` };
  await writeAudit(db, projectId, { ...entry, after: { words } });
  return words;
}

/** A flow that names no connection hears on all of them. */
function isOver({ state, trigger: { config } }: FlowRow, connectionId: string): boolean {
  const named = config['connectionId'];
  return state === 'active' && (named === undefined || named === connectionId);
}

function refused(message: string): UserError {
  return new UserError(422, 'invalid', message);
}
