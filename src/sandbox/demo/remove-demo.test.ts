import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createProject } from '#accounts/create.ts';
import { permissions } from '#lib/endpoint.ts';
import type { Caller } from '#lib/route.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { ensureDemo } from './ensure-demo.ts';
import { removeDemo } from './remove-demo.ts';
import { findDemo, readDemo } from './store.ts';
import { createDemoProcess } from './testing.ts';

const { db } = await createTestDatabase();
const deps = { db, waitForWorkers: () => Promise.resolve() };

it('the demo goes with all that is in it, never with the last project; what is not its stays', async () => {
  const { accountId, projectId } = await ensureDemo({
    ...createDemoProcess(db).deps,
    apiKey: null,
    hasPast: true,
  });
  const caller: Caller = {
    accountId,
    projectId,
    kind: 'session',
    id: '',
    actor: 'person:test',
    scopes: new Set(),
    permissions: new Set(permissions),
  };
  await expect(removeDemo(deps, caller)).rejects.toThrow('Make a project of your own first');
  const own = await createProject(db, { accountId, name: 'Ada Moon', isLive: false });
  await expect(removeDemo(deps, { ...caller, accountId: own.projectId })).rejects.toThrow('no demo');
  await removeDemo(deps, caller);
  const { rows } = await sql`
    select (select count(*)::int from project) as projects, (select count(*)::int from account) as accounts,
           (select count(*)::int from connection) as connections, (select count(*)::int from fan) as fans,
           (select count(*)::int from run) as runs, (select count(*)::int from outcome) as outcomes,
           (select count(*)::int from work) as work, (select count(*)::int from sandbox.entry) as entries`.execute(
    db,
  );
  expect(rows).toEqual([
    { projects: 1, accounts: 1, connections: 0, fans: 0, runs: 0, outcomes: 0, work: 0, entries: 0 },
  ]);
  expect(await findDemo(db)).toBeUndefined();
  expect((await readDemo(db)).facts).toEqual({ accountId, isRemoved: true });
  await expect(removeDemo(deps, caller)).rejects.toThrow('no demo');
});
