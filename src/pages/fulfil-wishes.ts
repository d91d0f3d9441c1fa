import { sql } from 'kysely';
import type { NewPurpose } from '#releases/purposes.ts';
import { performWish, type PageWish } from '#releases/page-wishes.ts';
import type { PagesDeps } from './deps.ts';

/**
 * What was ticked and no run waits to do. The permission is stored by now; a service that does not
 * answer is logged, and the page shows what came of it.
 */
export async function fulfilWishes(
  deps: PagesDeps,
  { link }: { link: { projectId: string; fanId: string } },
  services: readonly string[],
  purposes: readonly NewPurpose[],
): Promise<void> {
  const { projectId, fanId } = link;
  for (const service of services) {
    const connectionId = await findConnection(deps, projectId, fanId, service);
    if (connectionId === undefined) continue;
    for (const { kind, targetId } of purposes) {
      await fulfil(deps, { projectId, fanId, service, connectionId, kind, targetId });
    }
  }
}

async function fulfil(deps: PagesDeps, wish: PageWish): Promise<void> {
  try {
    const event = await performWish({ ...deps, grantAccess: deps.streaming.grantAccess }, wish);
    if (event !== null) await deps.raise?.(event);
  } catch (error) {
    deps.log.warn(
      { err: error, service: wish.service, kind: wish.kind },
      'a wish of a page was not fulfilled',
    );
  }
}

async function findConnection({ db }: PagesDeps, projectId: string, fanId: string, service: string) {
  const { rows } = await sql<{ connectionId: string }>`
    select connection_id as "connectionId" from streaming_grant
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service} and state = 'live'`.execute(
    db,
  );
  return rows[0]?.connectionId;
}
