import { sql } from 'kysely';
import type { Connection } from '#connections/connections.ts';
import type { InboundText } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { AcceptResult, Entry } from '#engine/contract.ts';
import type { FlowIndexes } from '#flows/flow-index.ts';
import { inboundEntry, receivedText } from './inbound-text.ts';
import { readComplianceWord } from '../words.ts';
import { optOutCircle } from './opt-out-circle.ts';
import { readText, type Reading } from './reading.ts';

export interface RouteDeps {
  db: Db;
  indexes: FlowIndexes;
  accept: (projectId: string, entry: Entry) => Promise<AcceptResult>;
}

/**
 * Brings an inbound text to the projects it concerns and answers when all have committed. One
 * project: that one. A number lent to several (R117): a keyword decides; STOP and START concern
 * them all, and one of them answers; anything else goes to the project that wrote to the fan last. A
 * STOP may count in further projects of the account (R118).
 */
export async function acceptText(deps: RouteDeps, connection: Connection, text: InboundText): Promise<void> {
  const [first, ...others] = connection.projectIds;
  if (first === undefined) return;
  const handled = text.optOut ?? connection.sms?.handlesItself(text.body) ?? null;
  const isSharedSender = others.length > 0;
  const entryOf = (isAnswerer: boolean) =>
    inboundEntry(connection.id, text, { handled, isSharedSender, isAnswerer });
  const entry = entryOf(true);
  if (!isSharedSender) await deps.accept(first, entry);
  else await acceptShared(deps, connection.projectIds, entryOf);
  // Last: nothing that came after it in the same moment may overtake it where it came in. A delivery that
  // breaks off here is repeated, or caught up on.
  for (const projectId of await beyond(deps.db, connection, entry))
    await deps.accept(projectId, entryOf(false));
}

async function acceptShared(
  deps: RouteDeps,
  projectIds: readonly string[],
  entryOf: (isAnswerer: boolean) => Entry,
): Promise<void> {
  const entry = entryOf(true);
  const { answerer, listeners } = await choose(deps, projectIds, entry);
  // The answerer last: a delivery that breaks off before it finds the same answerer when it is repeated.
  for (const projectId of listeners) await deps.accept(projectId, entryOf(false));
  await deps.accept(answerer, entry);
}

/** R118: projects that are not on the number, and that a STOP counts in all the same. */
async function beyond(db: Db, { projectIds }: Connection, entry: Entry): Promise<string[]> {
  const { handled, body, from } = receivedText(entry);
  const isStop = handled === 'stop' || readComplianceWord(body).kind === 'stop';
  return isStop ? optOutCircle(db, projectIds, from) : [];
}

interface Choice {
  answerer: string;
  /** Others that must know of it. */
  listeners: readonly string[];
}

async function choose(deps: RouteDeps, projectIds: readonly string[], entry: Entry): Promise<Choice> {
  const text = receivedText(entry);
  const readings = await Promise.all(
    projectIds.map(async (projectId) => ({
      projectId,
      reading: readText(text, await deps.indexes.current(projectId)),
    })),
  );
  const concernsAll = readings.some(({ reading }) => reading.kind === 'stop' || reading.kind === 'start');
  const answerer = await findAnswerer(deps.db, projectIds, text, { byConsent: concernsAll });
  if (concernsAll) return { answerer, listeners: projectIds.filter((one) => one !== answerer) };
  return { answerer: bestMatch(readings) ?? answerer, listeners: [] };
}

const strength = { exact: 3, first: 2, contains: 1, near: 0 };

/** R16 over the keywords of all projects on the number; a slip counts only if it is of one of them. */
function bestMatch(readings: readonly { projectId: string; reading: Reading }[]): string | null {
  const matches = readings.flatMap(({ projectId, reading }) =>
    reading.kind === 'keyword' ? [{ projectId, ...reading.match }] : [],
  );
  const [best, second] = matches.toSorted(
    (a, b) => strength[b.how] - strength[a.how] || b.keyword.length - a.keyword.length,
  );
  if (best === undefined || (best.how === 'near' && second !== undefined)) return null;
  return best.projectId;
}

/** Who answers for all: where the fan consented, else once did, else who wrote to her last (R117). */
async function findAnswerer(
  db: Db,
  projectIds: readonly string[],
  { from, to }: { from: string; to: string },
  { byConsent }: { byConsent: boolean },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select p.id from unnest(${[...projectIds]}::uuid[]) with ordinality as p(id, at)
     order by case when ${byConsent} then
                (select case when bool_or(c.revoked_at is null) then 2 when count(*) > 0 then 1 else 0 end
                   from address a
                   join consent c on c.project_id = a.project_id and c.fan_id = a.fan_id and c.address = a.value
                  where a.project_id = p.id and a.channel = 'sms' and a.value = ${from}) else 0 end desc,
              (select max(m.sent_at) from message m
                where m.project_id = p.id and m.address = ${from} and m.sender = ${to}) desc nulls last,
              p.at
     limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('a number without projects has no answerer');
  return row.id;
}
