import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { createPool } from '#db/pool.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { NeedsReconnect, RetryLater } from '#lib/errors.ts';
import { readGates } from '#engine/gates.ts';
import { createTestDatabase } from '../../test/db.ts';
import { createRefreshBreaker } from './refresh-breaker.ts';
import { unsealTokens } from './grants.ts';
import { createStreaming } from './streaming.ts';
import { dayMs, sealer, setStage } from './testing/stage.ts';

const { db, url } = await createTestDatabase();
// A client without the secret: the service replaces the refresh token at every use.
const stage = await setStage(db, { clientSecret: undefined });
const other = createPool({ url, max: 4 });
afterAll(async () => {
  await stage.close();
  await other.close();
});
const { projectId } = stage;

const hourMs = 60 * 60_000;
const advance = (ms: number) => stage.clocks.advance(projectId, ms);

async function grantOf(fanId: string) {
  const { rows } = await sql<{ state: string; tokens: Buffer | null; proven_at: Date }>`
    select state, tokens, proven_at from streaming_grant where fan_id = ${fanId}`.execute(db);
  return rows[0]!;
}

function secondProcess() {
  return createStreaming({
    db: other.db,
    sealer,
    clocks: stage.clocks,
    connections: stage.openConnections(),
  });
}

describe('access to a fan’s service', () => {
  test('a token with life left is used as it is; near its end it is refreshed before', async () => {
    const fan = await stage.addFan();
    const first = await stage.link(fan);
    const calls = stage.tokenCalls();
    const access = stage.openStreaming().grantAccess(projectId, fan, 'spotify');
    expect(await access.token()).toBe(first.accessToken);
    expect(stage.tokenCalls()).toBe(calls);
    await advance(hourMs - 30_000);
    const second = await access.token();
    expect(second).not.toBe(first.accessToken);
    expect(stage.tokenCalls()).toBe(calls + 1);
    const stored = await grantOf(fan);
    expect(unsealTokens(sealer, stored.tokens!)).toMatchObject({ accessToken: second });
    expect(stored.proven_at.getTime()).toBeGreaterThan(stage.now().getTime() - 60_000);
  });

  test('R64 tokens are sealed at rest', async () => {
    const fan = await stage.addFan();
    const tokens = await stage.link(fan);
    const stored = (await grantOf(fan)).tokens!.toString('latin1');
    expect(stored).not.toContain(tokens.accessToken);
    expect(stored).not.toContain(tokens.refreshToken!);
  });

  test('R60 many callers in two processes refresh once, each use of a one-use token counted', async () => {
    const fan = await stage.addFan();
    await stage.link(fan);
    await advance(2 * hourMs);
    const calls = stage.tokenCalls();
    // Long enough for both to be under way at once.
    stage.fake.setFault({ mode: 'slow', ms: 100 });
    const [here, there] = [stage.openStreaming(), secondProcess()];
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        (at % 2 ? here : there).grantAccess(projectId, fan, 'spotify').token(),
      ),
    );
    stage.fake.setFault({ mode: 'ok' });
    expect(new Set(tokens).size).toBe(1);
    expect(stage.tokenCalls()).toBe(calls + 1);
    expect((await grantOf(fan)).state).toBe('live');
  });

  test('a token that another process replaced is taken over, not refreshed again', async () => {
    const fan = await stage.addFan();
    await stage.link(fan);
    const [here, there] = [stage.openStreaming(), secondProcess()];
    const stale = here.grantAccess(projectId, fan, 'spotify');
    await stale.token();
    const fresh = there.grantAccess(projectId, fan, 'spotify');
    await fresh.token();
    const replaced = await fresh.renew();
    const calls = stage.tokenCalls();
    expect(await stale.renew()).toBe(replaced);
    expect(stage.tokenCalls()).toBe(calls);
  });

  test('R59 revoked at the service: tokens discarded, expired, work woken, all in one commit', async () => {
    const fan = await stage.addFan();
    const tokens = await stage.link(fan);
    await stage.fake.revokeGrant(tokens.refreshToken!);
    const key = gateKeys.streaming(fan);
    const before = (await readGates(db, projectId, [key])).get(key)!.seq;
    const access = stage.openStreaming().grantAccess(projectId, fan, 'spotify');
    await access.token();
    await expect(access.renew()).rejects.toBeInstanceOf(NeedsReconnect);
    expect(await grantOf(fan)).toMatchObject({ state: 'expired', tokens: null });
    expect((await readGates(db, projectId, [key])).get(key)!.seq).toBe(before + 1);
    const calls = stage.tokenCalls();
    await expect(access.token()).rejects.toBeInstanceOf(NeedsReconnect);
    expect(stage.tokenCalls()).toBe(calls);
  });

  test('R58 six months after the sign-in it is over, however often it was refreshed, without a call', async () => {
    const fan = await stage.addFan();
    await stage.link(fan);
    const access = stage.openStreaming().grantAccess(projectId, fan, 'spotify');
    await advance(100 * dayMs);
    await access.token();
    await advance(90 * dayMs);
    const calls = stage.tokenCalls();
    await expect(access.token()).rejects.toBeInstanceOf(NeedsReconnect);
    expect(stage.tokenCalls()).toBe(calls);
    expect(await grantOf(fan)).toMatchObject({ state: 'expired', tokens: null });
  });

  test('the service being down costs nothing: the tokens stay', async () => {
    const fan = await stage.addFan();
    await stage.link(fan);
    await advance(2 * hourMs);
    stage.fake.setFault({ mode: 'error' });
    const access = stage.openStreaming().grantAccess(projectId, fan, 'spotify');
    await expect(access.token()).rejects.toBeInstanceOf(RetryLater);
    stage.fake.setFault({ mode: 'ok' });
    expect(await access.token()).toBeTypeOf('string');
  });

  test('R59 when many young links seem to die at once, none is believed dead', async () => {
    const breaker = createRefreshBreaker();
    for (let at = 0; at < 100; at++) breaker.note(stage.connectionId, at >= 6);
    const fan = await stage.addFan();
    const tokens = await stage.link(fan);
    await stage.fake.revokeGrant(tokens.refreshToken!);
    const access = stage.openStreaming({ breaker }).grantAccess(projectId, fan, 'spotify');
    await access.token();
    await expect(access.renew()).rejects.toBeInstanceOf(RetryLater);
    expect(await grantOf(fan)).toMatchObject({ state: 'live' });
  });
});

describe('R59 the breaker', () => {
  test('opens above one in twenty of a hundred and closes when ten minutes have passed', () => {
    let now = 0;
    const breaker = createRefreshBreaker(() => now);
    for (let at = 0; at < 99; at++) breaker.note('a', at >= 10);
    expect(breaker.isOpen('a')).toBe(false);
    breaker.note('a', true);
    expect(breaker.isOpen('a')).toBe(true);
    expect(breaker.isOpen('b')).toBe(false);
    now = 10 * 60_000 + 1;
    expect(breaker.isOpen('a')).toBe(false);
    for (let at = 0; at < 100; at++) breaker.note('a', at >= 5);
    expect(breaker.isOpen('a')).toBe(false);
  });
});
