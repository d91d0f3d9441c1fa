import { Hono } from 'hono';
import type { Context } from 'hono';
import type { EmailFake, Fake, FakeFault, SmsFake } from '#connectors/connector.ts';
import type { ProjectFactsReader } from '#accounts/project-facts.ts';
import type { ConnectionStore } from '#connections/create-connections.ts';
import type { Db } from '#db/database.ts';
import { UserError } from '#lib/errors.ts';
import { isId } from '#lib/ids.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import type { Caller } from '#lib/route.ts';
import {
  appRemoved,
  appToRemove,
  callsAnswer,
  callsQuery,
  clockAnswer,
  clockMove,
  connectionAnswer,
  demoAnswer,
  dockAnswer,
  faultAnswer,
  faultToSet,
  faultsAnswer,
  stopsAnswer,
  stopsQuery,
  type FaultToSet,
  idleAnswer,
  idleQuery,
  libraryAnswer,
  libraryQuery,
  mailboxAnswer,
  mailComplained,
  playerAnswer,
  playerQuery,
  mailboxQuery,
  textNotTaken,
  textsAnswer,
  textSent,
  textsQuery,
  textToSend,
} from './contract.ts';
import { answer, notFound, type Doors, type Handler } from './answer.ts';
import { clockStops } from './clock-stops.ts';
import { acceptedSettings } from './accepted-settings.ts';
import { findDemo } from './demo/store.ts';
import { describeDock } from './dock.ts';
import { isEmailFake, isSmsFake, isSocialFake, isStreamingFake, type SandboxFakes } from './fakes.ts';
import { waitUntilIdle } from './idle.ts';
import { readBody, readQuery } from './input.ts';
import { describePlayers } from './player.ts';
import { allMails, allTexts, pageOf } from './pages.ts';
import { textWaitsUntil } from './waiting-text.ts';
import { addSocialDoors } from './social.ts';

export interface SandboxApiOptions {
  db: Db;
  fakes: SandboxFakes;
  /** Whose key or session a request carries; throws `UserError` 401 when it carries none. */
  identify(context: Context): Promise<Caller>;
  projects: Pick<ProjectFactsReader, 'find'>;
  connections: Pick<ConnectionStore, 'find' | 'revealTestSettings'>;
  clock: {
    now(projectId: string): Date;
    offsetMs(projectId: string): number;
    advance(projectId: string, ms: number): Promise<{ now: Date; offsetMs: number }>;
  };
  /** Where a phone is at home. */
  locate: LocateNumber;
  /** Further doors, tried before those that begin with a connector's name. */
  addDoors?: (doors: Doors) => void;
  /** The schedules that would have run meanwhile; the engine looks for due work by itself. */
  onClockMoved?: (projectId: string) => Promise<void>;
}

const maxCalls = 1_000;

/**
 * The sandbox API, to be mounted at `sandboxApiPath`: what a fan's phone, mailbox and player show,
 * and the switches of the fakes. Every door is closed to a live project's key: 404, as if the sandbox
 * were off. Errors are thrown as `UserError`, for the app that mounts it to word.
 */
export function createSandboxApi(options: SandboxApiOptions): Hono {
  const { db, fakes, clock } = options;
  const api = new Hono();
  const read: Doors['read'] = (path, handler) => void api.get(path, open('read', handler));
  const write: Doors['write'] = (path, handler) => void api.post(path, open('write', handler));
  /** By project and connector: what a person broke and did not mend. */
  const broken = new Map<string, FaultToSet>();

  function open(scope: 'read' | 'write', handler: Handler) {
    return async (context: Context) => {
      const caller = await options.identify(context);
      const project = await options.projects.find(caller.projectId);
      if (project === undefined || project.isLive) throw notFound();
      if (!caller.scopes.has(scope))
        throw new UserError(403, 'forbidden', `This key lacks the scope “${scope}”.`);
      return handler(context, caller.projectId, caller);
    };
  }

  async function fakesOf(projectId: string, connector: string | undefined): Promise<Fake[]> {
    const found = (await fakes.ofProject(projectId)).filter((one) => one.connector === connector);
    if (found.length === 0) throw notFound(`This project has no connection of the kind “${connector}”.`);
    return found.map((one) => one.fake);
  }

  async function carriersOf(projectId: string): Promise<SmsFake[]> {
    return (await fakes.ofProject(projectId)).map((one) => one.fake).filter(isSmsFake);
  }

  async function mailersOf(projectId: string): Promise<EmailFake[]> {
    return (await fakes.ofProject(projectId)).map((one) => one.fake).filter(isEmailFake);
  }

  async function waitsFor(projectId: string, number: string | undefined): Promise<string | null> {
    if (number === undefined) return null;
    const until = await textWaitsUntil(db, projectId, number, clock.now(projectId));
    return until?.toISOString() ?? null;
  }

  read('/demo', async (context, projectId) => {
    const demo = await findDemo(db);
    if (demo === undefined || demo.projectId !== projectId) throw notFound('This project is not the demo.');
    return answer(context, demoAnswer, demo);
  });

  write('/phone/texts', async (context, projectId) => {
    const text = await readBody(context, textToSend);
    for (const carrier of await carriersOf(projectId)) {
      const taken = await carrier.receiveText(text);
      if (taken === null) continue;
      const isTaken = taken.webhookStatus !== null && taken.webhookStatus >= 200 && taken.webhookStatus < 300;
      return isTaken ? answer(context, textSent, taken, 201) : answer(context, textNotTaken, taken, 502);
    }
    throw notFound('No connection of this project has that number.');
  });

  read('/phone/texts', async (context, projectId) => {
    const { limit, cursor, ...filter } = readQuery(context, textsQuery);
    const texts = await allTexts(await carriersOf(projectId), filter);
    const waitsUntil = await waitsFor(projectId, filter.number);
    return answer(context, textsAnswer, { ...pageOf(texts, limit, cursor), waitsUntil });
  });

  read('/mailbox', async (context, projectId) => {
    const { limit, cursor, address } = readQuery(context, mailboxQuery);
    const mails = await allMails(await mailersOf(projectId), address);
    return answer(context, mailboxAnswer, pageOf(mails, limit, cursor));
  });

  write('/mailbox/:id/complaint', async (context, projectId) => {
    const id = context.req.param('id') ?? '';
    for (const mailer of await mailersOf(projectId))
      if (await mailer.complain(id)) return answer(context, mailComplained, { id });
    throw notFound('There is no such mail.');
  });

  read('/clock', async (context, projectId) =>
    answer(context, clockAnswer, {
      now: clock.now(projectId).toISOString(),
      offsetMs: clock.offsetMs(projectId),
    }),
  );

  read('/clock/stops', async (context, projectId) => {
    const { number } = readQuery(context, stopsQuery);
    const project = await options.projects.find(projectId);
    const zone =
      (number === undefined ? undefined : options.locate(number).zones[0]) ?? project?.zone ?? 'UTC';
    const now = clock.now(projectId);
    const text = await waitsFor(projectId, number);
    const items = await clockStops(db, projectId, { now, zone, text });
    return answer(context, stopsAnswer, { now: now.toISOString(), items });
  });

  read('/dock', async (context, projectId) =>
    answer(context, dockAnswer, {
      ...(await describeDock({ db, fakes, locate: options.locate }, projectId)),
      now: clock.now(projectId).toISOString(),
    }),
  );

  read('/player', async (context, projectId) => {
    const { number } = readQuery(context, playerQuery);
    const items = await describePlayers({ db, fakes }, projectId, number);
    return answer(context, playerAnswer, { items });
  });

  write('/clock', async (context, projectId) => {
    const { advanceMs } = await readBody(context, clockMove);
    const { now, offsetMs } = await clock.advance(projectId, advanceMs);
    await options.onClockMoved?.(projectId);
    return answer(context, clockAnswer, { now: now.toISOString(), offsetMs });
  });

  read('/idle', async (context, projectId) => {
    const { timeoutMs } = readQuery(context, idleQuery);
    const reporting = async () => {
      const all = (await fakes.ofProject(projectId)).map((one) => one.fake);
      return [...all.filter(isSmsFake), ...all.filter(isEmailFake), ...all.filter(isSocialFake)];
    };
    const idle = await waitUntilIdle(db, projectId, reporting, timeoutMs);
    return answer(context, idleAnswer, { idle });
  });

  write('/faults', async (context, projectId) => {
    const { connector, ...given } = await readBody(context, faultToSet);
    const fault: FakeFault = given;
    for (const fake of await fakesOf(projectId, connector)) fake.setFault(fault);
    // One that ends by itself is not followed: only the fake knows when it has.
    if (given.mode === 'ok' || given.count !== undefined) broken.delete(`${projectId} ${connector}`);
    else broken.set(`${projectId} ${connector}`, { connector, ...given });
    return answer(context, faultAnswer, { connector, ...given });
  });

  read('/faults', async (context, projectId) => {
    const items = [...broken].flatMap(([key, fault]) => (key.startsWith(projectId) ? [fault] : []));
    return answer(context, faultsAnswer, { items });
  });

  addSocialDoors({ read, write }, fakes);
  options.addDoors?.({ read, write });

  read('/connections/:id', async (context, projectId, { accountId }) => {
    const id = context.req.param('id') ?? '';
    const connection = isId(id) ? await options.connections.find(id) : undefined;
    if (connection?.projectIds.includes(projectId) !== true) throw notFound();
    const settings = await options.connections.revealTestSettings(accountId, id);
    return answer(context, connectionAnswer, { settings });
  });

  read('/:connector/settings', (context) => {
    const settings = acceptedSettings(context.req.param('connector') ?? '');
    if (settings === null) throw notFound('No provider of the sandbox has settings of its own there.');
    return Promise.resolve(answer(context, connectionAnswer, { settings }));
  });

  read('/:connector/library', async (context, projectId) => {
    const { user } = readQuery(context, libraryQuery);
    const players = (await fakesOf(projectId, context.req.param('connector'))).filter(isStreamingFake);
    if (players.length === 0) throw notFound('Nothing is played there.');
    const libraries = await Promise.all(players.map((player) => player.library(user)));
    return answer(context, libraryAnswer, {
      user,
      saved: libraries.flatMap((library) => library.saved),
      following: libraries.flatMap((library) => library.following),
    });
  });

  write('/:connector/revoke', async (context, projectId) => {
    const { user } = await readBody(context, appToRemove);
    const players = (await fakesOf(projectId, context.req.param('connector'))).filter(isStreamingFake);
    if (players.length === 0) throw notFound('Nobody signs in there.');
    await Promise.all(players.map((player) => player.removeApp(user)));
    return answer(context, appRemoved, { user });
  });

  read('/:connector/calls', async (context, projectId) => {
    const { since } = readQuery(context, callsQuery);
    const found = await fakesOf(projectId, context.req.param('connector'));
    const from = since === undefined ? '' : new Date(since).toISOString();
    const calls = found.flatMap((fake) => fake.calls().filter((call) => call.at >= from));
    if (found.length > 1) calls.sort((a, b) => (a.at < b.at ? -1 : 1));
    return answer(context, callsAnswer, { total: calls.length, items: calls.slice(-maxCalls) });
  });

  return api;
}
