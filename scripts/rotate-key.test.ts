import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { createSealer } from '#lib/seal.ts';
import { rotateKey, sealedColumns } from '../src/rotate-key.ts';
import { createTestDatabase } from '../test/db.ts';

const { db, url } = await createTestDatabase();
const previous = Buffer.alloc(32, 5);
const current = Buffer.alloc(32, 6);
const before = createSealer([previous]);
const both = createSealer([current, previous]);
const now = createSealer([current]);
const keys = { current, previous };
const environment = {
  DATABASE_URL: url,
  SECRET_KEY: current.toString('base64'),
  SECRET_KEY_PREVIOUS: previous.toString('base64'),
};

async function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['scripts/rotate-key.ts'], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
}

/** Sign-ins under way and grants whose texts the old key has sealed. */
async function fill(count: number, sealer = before) {
  for (let i = 0; i < count; i += 1) {
    await sql`
      insert into oauth_state (hash, project_id, fan_id, connection_id, connector, sealed, expires_at)
      values (${before.hash(newId())}, ${newId()}, ${newId()}, ${newId()}, 'music',
              ${sealer.seal(`state ${i}`)}, now())`.execute(db);
    await sql`
      insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, tokens, scopes,
                                   state, authorised_at, proven_at)
      values (${newId()}, ${newId()}, 'music', ${newId()}, 'me', ${sealer.seal(`tokens ${i}`)}, '{}',
              'live', now(), now())`.execute(db);
  }
}

async function read(sealer = now): Promise<string[]> {
  const { rows } = await sql<{ sealed: Buffer }>`
    select sealed from oauth_state union all select tokens from streaming_grant`.execute(db);
  return rows.map((row) => sealer.unseal(row.sealed)).toSorted();
}

beforeEach(async () => {
  await sql`truncate oauth_state, streaming_grant`.execute(db);
});

test('R64 everything is under the new key afterwards, in batches, and a second run does nothing', async () => {
  await fill(7);
  await fill(1, both);
  const texts = await read(both);
  expect(() => now.unseal(before.seal('x'))).toThrow('not known');
  expect(await rotateKey({ db, sealer: both, keys, batchSize: 3 })).toBe(14);
  expect(await read()).toEqual(texts);
  expect(await rotateKey({ db, sealer: both, keys, batchSize: 3 })).toBe(0);
});

test('stopped in the middle, everything stays readable and the next run does the rest', async () => {
  await fill(6);
  const texts = await read(both);
  let sealed = 0;
  const dying = {
    ...both,
    seal(one: string) {
      sealed += 1;
      if (sealed > 4) throw new Error('killed');
      return both.seal(one);
    },
  };
  await expect(rotateKey({ db, sealer: dying, keys, batchSize: 2 })).rejects.toThrow('killed');
  expect(await read(both)).toEqual(texts);
  expect(await rotateKey({ db, sealer: both, keys, batchSize: 2 })).toBe(8);
  expect(await read()).toEqual(texts);
});

test('what a process writes meanwhile stays as it was written', async () => {
  await fill(1);
  let isWritten = false;
  const racing = {
    ...both,
    unseal(one: Buffer) {
      const opened = both.unseal(one);
      if (opened.startsWith('tokens')) isWritten = true;
      return opened;
    },
  };
  const write = sql`update streaming_grant set tokens = ${both.seal('newer')}`;
  const blocked = db.transaction().execute(async (tx) => {
    await write.execute(tx);
    const rotating = rotateKey({ db, sealer: racing, keys });
    // It has read the old tokens, which the open transaction has replaced, and waits for its lock.
    await expect.poll(() => isWritten).toBe(true);
    return { rotating };
  });
  await (
    await blocked
  ).rotating;
  expect(await read()).toEqual(['newer', 'state 0']);
});

test('the command says what it did; half a configuration, or a key that nobody gave, is a sentence', async () => {
  await fill(2);
  const { SECRET_KEY, DATABASE_URL, SECRET_KEY_PREVIOUS } = environment;
  for (const [env, sentence] of [
    [{ SECRET_KEY, SECRET_KEY_PREVIOUS }, /^DATABASE_URL is missing/],
    [{ DATABASE_URL, SECRET_KEY }, /^SECRET_KEY_PREVIOUS is missing/],
    [{ ...environment, SECRET_KEY: SECRET_KEY_PREVIOUS }, /are the same key/],
    [
      { ...environment, SECRET_KEY_PREVIOUS: Buffer.alloc(32, 9).toString('base64') },
      /neither SECRET_KEY nor SECRET_KEY_PREVIOUS \(2 in oauth_state.sealed, 2 in streaming_grant.tokens\)/,
    ],
  ] as const) {
    const { code, out, err } = await run(env);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
  }
  expect(await read(before)).toHaveLength(4);
  expect(await run(environment)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Done: 4 sealed again/m),
  });
  expect(await run(environment)).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing was left/m) });
});

test('every column of bytes is sealed, or known to be something else', async () => {
  const others =
    /(^|\.)(\w*hash|bytes|network|address)$|^attempt\.key$|^auth\.|^pgboss\.|^sign_in_attempt\.key$/;
  const { rows } = await sql<{ place: string }>`
    select case table_schema when 'public' then '' else table_schema || '.' end || table_name || '.' || column_name
             as place
      from information_schema.columns
     where data_type = 'bytea' and table_schema not in ('pg_catalog', 'information_schema')`.execute(db);
  const found = rows.map((row) => row.place).filter((place) => !others.test(place));
  expect(found.toSorted()).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).toSorted());
});
