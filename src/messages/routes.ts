import type { Db } from '#db/database.ts';
import { route, type Route } from '#lib/route.ts';
import { composeText } from './compose.ts';
import * as contract from './contract.ts';
import { countParts, smartEncode } from './parts.ts';

export function messageRoutes({ db }: { db: Db }): Route[] {
  return [
    route(contract.previewMessage, async ({ projectId, body: { text, withProgramme } }) => {
      const programme = withProgramme ? await readProgramme(db, projectId) : null;
      const count =
        programme === null ? countParts(smartEncode(text)) : composeText({ programme, body: text });
      return { ...count, credits: count.parts };
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
