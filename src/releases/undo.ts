import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import { transaction, type Db } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock } from '#lib/clock.ts';
import { GiveUp, RetryLater } from '#lib/errors.ts';
import type { GrantAccess } from './grant-access.ts';
import { revokePurpose } from './purposes.ts';
import type { ReleaseKind } from './works.ts';

export interface UndoDeps {
  db: Db;
  clocks: DomainClock;
  connections: Connections;
  grantAccess: GrantAccess;
}

export interface UndoKey {
  projectId: string;
  fanId: string;
  service: string;
}

/**
 * Takes back a save: one that waits is not performed, one that was performed leaves the library. What
 * the fan had before us stays hers. The permission goes with it (R100). Repeating is harmless; throws
 * a connector error where the service does not do it, and then nothing has changed here.
 */
export async function undoSave(deps: UndoDeps, key: UndoKey, releaseId: string): Promise<void> {
  const { projectId, fanId, service } = key;
  const { rows } = await sql<{ state: string; kind: ReleaseKind; serviceId: string | null }>`
    select s.state, r.kind, i.service_id as "serviceId"
      from save s
      join release r on r.project_id = s.project_id and r.id = s.release_id
      left join release_service i
        on i.project_id = s.project_id and i.release_id = s.release_id and i.service = s.service
     where s.project_id = ${projectId} and s.fan_id = ${fanId} and s.release_id = ${releaseId}
       and s.service = ${service} and s.state in ('scheduled', 'verified', 'accepted')`.execute(deps.db);
  const save = rows[0];
  if (save === undefined) return;
  if (save.state !== 'scheduled' && save.serviceId !== null) {
    const item = { kind: save.kind, id: save.serviceId };
    const client = await clientOf(deps, key);
    if (client.unsave === undefined) throw new GiveUp('this service lets no app take a save back');
    await client.unsave(deps.grantAccess(projectId, fanId, service), [item], {
      key: `undo:${fanId}:${releaseId}:${service}`,
    });
  }
  const now = deps.clocks.now(projectId);
  await transaction(deps.db, async (tx) => {
    await sql`
      update save set state = 'undone', renew_by = null
       where project_id = ${projectId} and fan_id = ${fanId} and release_id = ${releaseId}
         and service = ${service}`.execute(tx);
    const others = await sql`
      select 1 from save where project_id = ${projectId} and fan_id = ${fanId} and release_id = ${releaseId}
         and state = 'scheduled' limit 1`.execute(tx);
    // What still waits on another service needs the permission.
    if (others.rows.length === 0) {
      await revokePurpose(tx, projectId, fanId, { kind: 'release', targetId: releaseId }, now);
    }
    await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  });
}

/** As `undoSave`, for a follow. */
export async function undoFollow(deps: UndoDeps, key: UndoKey, artistId: string): Promise<void> {
  const { projectId, fanId, service } = key;
  const { rows } = await sql<{ serviceId: string }>`
    select i.service_id as "serviceId"
      from followed f
      join artist_service i
        on i.project_id = f.project_id and i.artist_id = f.artist_id and i.service = f.service
     where f.project_id = ${projectId} and f.fan_id = ${fanId} and f.artist_id = ${artistId}
       and f.service = ${service} and f.undone_at is null`.execute(deps.db);
  const follow = rows[0];
  if (follow === undefined) return;
  const client = await clientOf(deps, key);
  await client.unfollow(deps.grantAccess(projectId, fanId, service), follow.serviceId, {
    key: `undo:${fanId}:${artistId}:${service}`,
  });
  const now = deps.clocks.now(projectId);
  await transaction(deps.db, async (tx) => {
    await sql`
      update followed set undone_at = ${now}
       where project_id = ${projectId} and fan_id = ${fanId} and artist_id = ${artistId}
         and service = ${service}`.execute(tx);
    await revokePurpose(tx, projectId, fanId, { kind: 'follow', targetId: artistId }, now);
    await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  });
}

/** NextSave ends: nothing that comes out from now on is saved. Repeating is harmless. */
export async function stopNextSave(
  deps: Pick<UndoDeps, 'db' | 'clocks'>,
  { projectId, fanId }: Omit<UndoKey, 'service'>,
  artistId: string,
): Promise<void> {
  await transaction(deps.db, async (tx) => {
    const now = deps.clocks.now(projectId);
    await revokePurpose(tx, projectId, fanId, { kind: 'future', targetId: artistId }, now);
    await signal(tx, projectId, [{ key: gateKeys.streaming(fanId) }]);
  });
}

async function clientOf({ db, connections }: UndoDeps, { projectId, fanId, service }: UndoKey) {
  const { rows } = await sql<{ connectionId: string }>`
    select connection_id as "connectionId" from streaming_grant
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service}`.execute(db);
  const connection = rows[0] && (await connections.find(rows[0].connectionId));
  if (!connection?.streaming) throw new RetryLater('the connection is not there');
  return connection.streaming;
}
