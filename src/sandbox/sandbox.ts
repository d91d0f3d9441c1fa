import { Hono } from 'hono';
import type { Context } from 'hono';
import type { FakeOptions } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import { answer, type Doors } from './answer.ts';
import { createSandboxApi, type SandboxApiOptions } from './api.ts';
import { demoRemoved, plugAnswer, sandboxApiPath } from './contract.ts';
import { removeDemo } from './demo/remove-demo.ts';
import { createSandboxFakes, providersPath, type SandboxFakes } from './fakes.ts';
import { createMailPage, mailPagePath } from './mail-page.ts';
import { createPlug, type PlugDeps } from './plug/plug.ts';
import { createFakeStores, type FakeStores } from './store.ts';

export interface SandboxOptions extends Pick<
  SandboxApiOptions,
  'identify' | 'projects' | 'connections' | 'clock' | 'onClockMoved' | 'locate'
> {
  db: Db;
  wall: WallClock;
  /** See `SandboxFakesOptions`. */
  publicUrl: () => string;
  /** See `SandboxFakesOptions`; absent: no mail server. */
  doorAddress?: () => string;
  /** `createDelivery`, or in a test what it likes. */
  deliver: FakeOptions['deliver'];
  /** Whether what workers began before now is over: the demo is not taken away under them. */
  waitForWorkers: () => Promise<void>;
  /** What it takes to pull the plug of a worker; absent: no such door. */
  plug?: Pick<PlugDeps, 'detour' | 'startWorker'>;
  /** Default: the database's schema `sandbox`. */
  stores?: FakeStores;
}

export interface Sandbox {
  /** To be mounted at the root: `/sandbox/api/…` and `/sandbox/providers/…`. */
  routes: Hono;
  fakes: SandboxFakes;
  close: () => Promise<void>;
}

/**
 * The sandbox of an installation: made only where it is on, so that without it nothing below
 * `/sandbox` exists. One process serves it: the one that serves HTTP keeps what the fakes know in
 * memory, and in the database for its next start.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { db, wall, publicUrl, deliver, clock, connections, doorAddress } = options;
  const stores = options.stores ?? createFakeStores(db);
  const fakes = createSandboxFakes({
    db,
    stores,
    clocks: clock,
    wall,
    settingsOf: (accountId, id) => connections.revealTestSettings(accountId, id),
    publicUrl,
    deliver,
    ...(doorAddress && { doorAddress }),
  });
  const routes = new Hono();
  routes.all(`${providersPath}/*`, (context: Context) => fakes.serve(context.req.raw));
  routes.get(mailPagePath, createMailPage(fakes));
  const plug = options.plug && createPlug({ ...options, ...options.plug, fakes });
  const addDoors = (doors: Doors) => {
    if (plug !== undefined) addPlugDoors(doors, plug);
    doors.write('/demo/remove', async (context, _projectId, caller) => {
      if (!caller.permissions.has('projects'))
        throw new UserError(403, 'forbidden', 'A manager can do this.');
      await removeDemo(options, caller);
      return answer(context, demoRemoved, {});
    });
  };
  routes.route(sandboxApiPath, createSandboxApi({ ...options, fakes, addDoors }));
  return { routes, fakes, close: () => fakes.close() };
}

function addPlugDoors({ read, write }: Doors, plug: ReturnType<typeof createPlug>): void {
  read('/plug', async (context, projectId) => answer(context, plugAnswer, plug.look(projectId)));
  write('/plug', async (context, projectId) => answer(context, plugAnswer, await plug.pull(projectId), 202));
}
