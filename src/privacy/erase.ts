import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { lockFans } from '#fans/consent-state.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { DomainClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import type { Sealer } from '#lib/seal.ts';
import { queueRevocations } from '#releases/queue-revocations.ts';
import type { EngineDoor } from '#runs/engine-door.ts';
import { sealEvidence } from './evidence.ts';
import { scrubFan } from './scrub.ts';

export interface EraseDeps {
  db: Db;
  clock: DomainClock;
  sealer: Pick<Sealer, 'hash' | 'hashes' | 'seal' | 'unseal'>;
  engine: Pick<EngineDoor, 'cancelItems' | 'waitForWorkers'>;
  /** What others keep of these addresses of a project: the sandbox's phones and mailboxes. */
  alsoErase?: (tx: Tx, projectId: string, addresses: readonly string[]) => Promise<void>;
}

/**
 * Erases a fan (R86): addresses, consents, tokens, what was written and sent go; runs and promises end as
 * `erased`; counts stay without her. What the law keeps of it is sealed (R87). From the commit on nothing
 * leaves for her; when it returns nothing is under way any more. 404 where there is no such fan, so that a
 * repeat says so.
 */
export async function eraseFan(deps: EraseDeps, projectId: string, fanId: string, by: string): Promise<void> {
  const { db, clock, sealer, engine } = deps;
  const now = clock.now(projectId);
  await transaction(db, async (tx) => {
    await signal(
      tx,
      projectId,
      gateKeys.allOfFan(fanId).map((key) => ({ key })),
    );
    await lockFans(tx, projectId, [fanId]);
    const addresses = await readAddresses(tx, projectId, fanId);
    await sealEvidence(tx, sealer, projectId, fanId, now);
    await engine.cancelItems(tx, projectId, { fanId }, 'erased');
    await queueRevocations(tx, { projectId, fanId });
    await scrubFan(tx, projectId, fanId, addresses);
    await deps.alsoErase?.(tx, projectId, addresses);
    await sql`
      insert into erasure (project_id, fan_id, by, at) values (${projectId}, ${fanId}, ${by}, ${now})
      on conflict do nothing`.execute(tx);
    await writeAudit(tx, projectId, { actor: by, action: 'fan.erased', subject: `fan:${fanId}` });
  });
  await engine.waitForWorkers();
  await sweepErasures(db);
}

async function readAddresses(tx: Tx, projectId: string, fanId: string): Promise<string[]> {
  const { rows } = await sql<{ value: string | null }>`
    select a.value from fan f
      left join address a on a.project_id = f.project_id and a.fan_id = f.id
     where f.project_id = ${projectId} and f.id = ${fanId}`.execute(tx);
  if (rows.length === 0) throw new UserError(404, 'not_found', 'There is no such fan.');
  return rows.flatMap(({ value }) => value ?? []);
}

/**
 * Looks after what was under way when somebody was erased: a call whose end came in later, an event that
 * was being accepted. A fan is done with when no item of hers is open any more. Repeating is harmless.
 */
export async function sweepErasures(db: Db): Promise<void> {
  const { rows } = await sql<{ project_id: string; fan_id: string }>`
    select project_id, fan_id from erasure where swept_at is null order by at limit 500`.execute(db);
  for (const { project_id: projectId, fan_id: fanId } of rows) {
    await transaction(db, async (tx) => {
      await scrubFan(tx, projectId, fanId, []);
      await sql`
        update erasure set swept_at = now()
         where project_id = ${projectId} and fan_id = ${fanId}
           and not exists (select from work where project_id = ${projectId} and fan_id = ${fanId})
           and not exists (select from intent i join message m on m.project_id = i.project_id and m.id = i.id
                            where m.project_id = ${projectId} and m.fan_id = ${fanId} and i.state = 'open')`.execute(
        tx,
      );
    });
  }
}
