import { writeAudit } from '#accounts/audit.ts';
import type { Db } from '#db/database.ts';
import { route, type Route } from '#lib/route.ts';
import * as contract from './contract.ts';
import { readMessage, writeMessage } from './store.ts';

export function releaseMessageRoutes({ db }: { db: Db }): Route[] {
  return [
    route(contract.getReleaseMessage, ({ projectId, params }) => readMessage(db, projectId, params.id)),
    route(contract.setReleaseMessage, async ({ projectId, params, body, caller: { actor } }) => {
      const before = await readMessage(db, projectId, params.id);
      const after = await writeMessage(db, projectId, params.id, body);
      const subject = `release:${params.id}`;
      await writeAudit(db, projectId, { actor, action: 'release.message_set', subject, before, after });
      return after;
    }),
  ];
}
