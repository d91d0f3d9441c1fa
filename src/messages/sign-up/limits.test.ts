import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createSealer } from '#lib/seal.ts';
import { createTestDatabase } from '../../../test/db.ts';
import { createTries } from './limits.ts';

const { db } = await createTestDatabase();
const sealer = createSealer([randomBytes(32)]);
const hourMs = 60 * 60_000;

async function kept(projectId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from sign_up_try where project_id = ${projectId}`.execute(db);
  return rows[0]?.count ?? 0;
}

test('R108 of ten thousand sign-ups from one network at most twenty get through, and nothing of the others is left', async () => {
  const tryOne = createTries({ db, sealer });
  const projectId = newId();
  const now = new Date();
  let taken = 0;
  for (let from = 0; from < 10_000; from += 500) {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, at) =>
        tryOne(
          { projectId, address: `+1212${2_000_000 + from + at}`, networkAddress: `203.0.113.${at % 256}` },
          now,
        ),
      ),
    );
    taken += answers.filter(Boolean).length;
  }
  expect(taken).toBeLessThanOrEqual(20);
  expect(await kept(projectId)).toBe(taken);
});

test('R108 a project that is used to many takes more an hour; that is counted anew every ten minutes', async () => {
  const projectId = newId();
  const now = new Date();
  // Over seven days as many as 168 times fifty: fifty an hour are usual.
  await sql`
    insert into sign_up_try (project_id, id, address, network, at)
    select ${projectId}, gen_random_uuid(), decode(md5(n::text), 'hex'), null, ${new Date(now.getTime() - 2 * hourMs)}
      from generate_series(1, ${168 * 50}) n`.execute(db);
  const tryOne = createTries({ db, sealer });
  let number = 0;
  const takenAt = async (at: Date, wanted: number) => {
    let taken = 0;
    for (let done = 0; done < wanted; done++)
      if (await tryOne({ projectId, address: `${++number}`, networkAddress: null }, at)) taken += 1;
    return taken;
  };
  expect(await takenAt(now, 160)).toBe(150);
  // What was usual is no more: known within ten minutes and an hour's end.
  await sql`delete from sign_up_try where project_id = ${projectId}`.execute(db);
  expect(await takenAt(new Date(now.getTime() + 5 * 60_000), 160)).toBe(150);
  await sql`delete from sign_up_try where project_id = ${projectId}`.execute(db);
  expect(await takenAt(new Date(now.getTime() + 11 * 60_000), 160)).toBe(100);
});
