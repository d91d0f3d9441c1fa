import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import { route, type Route } from '#lib/route.ts';
import { composeText } from './compose.ts';
import * as contract from './contract.ts';
import { decideDoubt, type DoubtDeps } from './decide-doubt.ts';
import { countInbox, getInboxMessage, listInbox, markInboxMessage } from './inbox.ts';
import { countParts, lighterOf, smartEncode } from './parts.ts';
import { passOnNumber } from './pass-on-number.ts';
import { stopByHand } from './stop-by-hand.ts';

export function messageRoutes(deps: DoubtDeps): Route[] {
  const { db } = deps;
  return [
    ...inboxRoutes(deps),
    route(contract.previewMessage, async ({ projectId, body: { text, withProgramme } }) => {
      const programme = withProgramme ? await readProgramme(db, projectId) : null;
      const sent = programme === null ? smartEncode(text) : composeText({ programme, body: text }).text;
      const count = countParts(sent);
      return { ...count, credits: count.parts, lighter: lighterOf(sent) };
    }),
    route(contract.stopFan, async ({ projectId, params: { id }, body: { channel }, caller: { actor } }) => {
      const now = deps.clock.now(projectId);
      await transaction(db, async (tx) => {
        await stopByHand(tx, projectId, id, channel, { actor, now });
        const subject = `fan:${id}`;
        await writeAudit(tx, projectId, { actor, action: 'fan.stopped', subject, after: { channel } });
      });
      return undefined;
    }),
    route(contract.passOnNumber, async ({ projectId, params: { id }, caller: { actor } }) => {
      const now = deps.clock.now(projectId);
      await transaction(db, async (tx) => {
        await passOnNumber(tx, projectId, id, now);
        await writeAudit(tx, projectId, { actor, action: 'fan.number_passed_on', subject: `fan:${id}` });
      });
      return undefined;
    }),
  ];
}

function inboxRoutes(deps: DoubtDeps): Route[] {
  const { db, clock } = deps;
  return [
    route(contract.listInbox, ({ projectId, query: { cursor, limit, view } }) =>
      listInbox(db, projectId, { cursor, limit, view }),
    ),
    // Before `/inbox/{id}`: “counts” is no id.
    route(contract.countInbox, ({ projectId }) => countInbox(db, projectId)),
    route(contract.getInboxMessage, ({ projectId, params }) => getInboxMessage(db, projectId, params.id)),
    route(contract.markInboxMessage, async ({ projectId, params, body }) => {
      const now = clock.now(projectId);
      await transaction(db, (tx) => markInboxMessage(tx, projectId, params.id, body, now));
      return getInboxMessage(db, projectId, params.id);
    }),
    route(contract.decideDoubt, async ({ projectId, params, body: { decision }, caller: { actor } }) => {
      await decideDoubt(deps, projectId, params.id, decision, actor);
      const subject = `inbox:${params.id}`;
      await writeAudit(db, projectId, { actor, action: 'inbox.decided', subject, after: { decision } });
      return getInboxMessage(db, projectId, params.id);
    }),
  ];
}

async function readProgramme(db: Db, projectId: string): Promise<string> {
  const { programme } = await db
    .selectFrom('project')
    .select('programme')
    .where('id', '=', projectId)
    .executeTakeFirstOrThrow();
  return programme;
}
