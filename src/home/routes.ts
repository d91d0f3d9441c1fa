import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import type { DomainClock, WallClock } from '#lib/clock.ts';
import { route, type Caller, type Route } from '#lib/route.ts';
import { countSaves } from '#releases/count-saves.ts';
import { findNextRelease } from '#releases/releases.ts';
import * as contract from './contract.ts';
import { readHappened } from './happened.ts';
import { readNeeds, type KnownConnection } from './needs.ts';
import { noteVisit, readSince } from './visits.ts';

export interface HomeDeps {
  db: Db;
  clock: DomainClock;
  wall: WallClock;
  connections: {
    listConnections(
      accountId: string,
      projectId: string,
    ): Promise<(KnownConnection & { senders: readonly unknown[] })[]>;
  };
}

export function homeRoutes(deps: HomeDeps): Route[] {
  return [
    route(contract.getHome, ({ caller }) => readHome(deps, caller)),
    route(contract.visitHome, async ({ projectId, caller }) => {
      await noteVisit(deps.db, projectId, caller.actor, deps.wall.now());
      return undefined;
    }),
  ];
}

async function readHome({ db, clock, wall, connections }: HomeDeps, { projectId, accountId, actor }: Caller) {
  const now = clock.now(projectId);
  const [{ since, wasHere }, lent, nextRelease, has] = await Promise.all([
    readSince(db, projectId, actor, wall.now()),
    connections.listConnections(accountId, projectId),
    readNextRelease(db, projectId, now),
    readBeginnings(db, projectId),
  ]);
  const [happened, needs] = await Promise.all([
    readHappened(db, projectId, since),
    readNeeds(db, projectId, lent, now),
  ]);
  const senders = lent.some((one) => one.senders.length > 0 && one.state !== 'disabled');
  return { since, wasHere, happened, needs, has: { ...has, senders }, nextRelease };
}

async function readNextRelease(db: Db, projectId: string, now: Date) {
  const release = await findNextRelease(db, projectId, now);
  return release === undefined ? null : { ...release, saves: await countSaves(db, projectId, release.id) };
}

async function readBeginnings(db: Db, projectId: string) {
  const { rows } = await sql<{ fans: boolean; flows: boolean; releases: boolean }>`
    select exists (select 1 from fan where project_id = ${projectId}) as fans,
           exists (select 1 from flow where project_id = ${projectId} and state <> 'deleted') as flows,
           exists (select 1 from release where project_id = ${projectId}) as releases`.execute(db);
  return rows[0] ?? { fans: false, flows: false, releases: false };
}
