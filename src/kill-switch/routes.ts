import type { Db } from '#db/database.ts';
import { isSendingStopped } from '#fans/is-sending-stopped.ts';
import { route, type Route } from '#lib/route.ts';
import type { EngineDoor } from '#runs/engine-door.ts';
import * as contract from './contract.ts';
import { setSending } from './kill-switch.ts';

export interface KillSwitchDeps {
  db: Db;
  engine: Pick<EngineDoor, 'waitForWorkers'>;
}

export function killSwitchRoutes({ db, engine }: KillSwitchDeps): Route[] {
  return [
    route(contract.getSending, async ({ projectId }) => ({
      isStopped: await isSendingStopped(db, projectId),
    })),
    route(contract.stopSending, async ({ projectId, caller: { actor } }) => {
      await setSending(db, projectId, { isStopped: true, actor });
      await engine.waitForWorkers();
      return { isStopped: true };
    }),
    route(contract.resumeSending, async ({ projectId, caller: { actor } }) => {
      await setSending(db, projectId, { isStopped: false, actor });
      return { isStopped: false };
    }),
  ];
}
