import { sql } from 'kysely';
import type { LibraryEntry, StreamingFake } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { PlayerAnswer } from './contract.ts';
import { labelOf } from './dock.ts';
import { isStreamingFake, type SandboxFakes } from './fakes.ts';

type Player = PlayerAnswer['items'][number];

/**
 * What the fan behind a phone sees in each player: what is saved and followed there, and which
 * releases Segue will save when they come out. Nothing for a phone that is nobody's yet.
 */
export async function describePlayers(
  { db, fakes }: { db: Db; fakes: SandboxFakes },
  projectId: string,
  number: string,
): Promise<Player[]> {
  const grants = await readGrants(db, projectId, number);
  const served = await fakes.ofProject(projectId);
  const players: Player[] = [];
  for (const { connector, connectionId, fake } of served) {
    if (!isStreamingFake(fake)) continue;
    const grant = grants.find((one) => one.connectionId === connectionId);
    if (grant === undefined) continue;
    const library = await libraryOf(fake, grant.account);
    const names = await readNames(db, projectId, connector);
    players.push({
      connector,
      label: labelOf(connector),
      name: grant.name,
      isLinked: grant.state === 'live',
      waiting: await readWaiting(db, projectId, grant.fanId, connector),
      saved: library.saved.map((entry) => named(entry, names)),
      following: library.following.map((entry) => named(entry, names)),
    });
  }
  return players;
}

interface Grant {
  connectionId: string;
  fanId: string;
  account: string;
  name: string | null;
  state: string;
}

async function readGrants(db: Db, projectId: string, number: string): Promise<Grant[]> {
  const { rows } = await sql<Grant>`
    select g.connection_id as "connectionId", g.fan_id as "fanId", g.provider_account as account,
           g.display_name as name, g.state
      from address a join streaming_grant g on g.project_id = a.project_id and g.fan_id = a.fan_id
     where a.project_id = ${projectId} and a.channel = 'sms' and a.value = ${number}`.execute(db);
  return rows;
}

/** Of whoever signs in with that account; somebody the fake does not list has shown us nothing. */
async function libraryOf(fake: StreamingFake, account: string) {
  const user = fake.users().find(({ id, accountId = id }) => accountId === account);
  return user === undefined ? { saved: [], following: [] } : fake.library(user.id);
}

interface Named {
  serviceId: string;
  title: string;
  releaseId: string | null;
}

async function readNames(db: Db, projectId: string, service: string): Promise<Named[]> {
  const { rows } = await sql<Named>`
    select s.service_id as "serviceId", r.title, r.id as "releaseId"
      from release_service s join release r on r.project_id = s.project_id and r.id = s.release_id
     where s.project_id = ${projectId} and s.service = ${service}
     union all
    select s.service_id, a.name, null
      from artist_service s join artist a on a.project_id = s.project_id and a.id = s.artist_id
     where s.project_id = ${projectId} and s.service = ${service}`.execute(db);
  return rows;
}

/** Its address at the service ends with the id; what Segue does not know goes by that address. */
function named({ uri, at }: LibraryEntry, names: readonly Named[]) {
  const known = names.find(({ serviceId }) => uri.endsWith(serviceId));
  return { title: known?.title ?? uri, releaseId: known?.releaseId ?? null, at };
}

async function readWaiting(db: Db, projectId: string, fanId: string, service: string) {
  const { rows } = await sql<{ title: string; releaseId: string; at: Date }>`
    select r.title, r.id as "releaseId", r.release_at as at
      from save s join release r on r.project_id = s.project_id and r.id = s.release_id
     where s.project_id = ${projectId} and s.fan_id = ${fanId} and s.service = ${service}
       and s.state = 'scheduled'
     order by r.release_at`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
