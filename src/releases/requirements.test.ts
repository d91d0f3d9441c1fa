import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { signal } from '#engine/gates.ts';
import { transaction } from '#db/database.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import type { ItemView, Part } from '#engine/contract.ts';
import { createTestDatabase } from '../../test/db.ts';
import { cancelRelease } from './releases.ts';
import { refuseGrant, unlinkService } from './grants.ts';
import { allow, allScopes, dayMs, setStage } from './testing/stage.ts';

const { db } = await createTestDatabase();
const stage = await setStage(db);
const invited = await setStage(db, { mode: 'development', namedTesters: ['mara@fans.example'] });
afterAll(async () => {
  await stage.close();
  await invited.close();
});

const defer = { onUnmet: 'defer', deadlineHours: null } as const;
type Step = 'presave' | 'saveRelease' | 'followArtist';

async function ask(
  step: Step,
  fanId: string,
  targetId: string,
  change: Partial<ItemView> = {},
  policy: { onUnmet: 'defer' | 'skip'; deadlineHours: number | null } = defer,
  on = stage,
): Promise<Part[]> {
  const view = on.view(fanId, change);
  const flowIds = view.flowId === null ? [] : [view.flowId];
  return on.streaming.forStep(view, policy, () => on.facts(fanId, flowIds))[step](targetId);
}

const verdicts = (parts: Part[]) =>
  parts.map(({ service, verdict }) => ({
    service,
    kind: verdict.kind,
    reason: 'reason' in verdict ? (verdict.reason ?? null) : verdict.kind === 'call' ? verdict.effect : null,
  }));
const one = (service: string, kind: string, reason: string | null) => [{ service, kind, reason }];

describe('4.5 no service linked', () => {
  test('a pre-save is deferred until the release, the other steps for thirty days', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const [part] = await ask('presave', fan, release.id);
    expect(part).toMatchObject({
      service: '',
      verdict: {
        kind: 'defer',
        reason: 'not_connected',
        deadlineAt: release.releaseAt,
        promise: `${fan}:presave:${release.id}`,
      },
    });
    const [follow] = await ask('followArtist', fan, stage.artistId);
    const waits =
      follow?.verdict.kind === 'defer' ? follow.verdict.deadlineAt.getTime() - stage.now().getTime() : 0;
    expect(Math.round(waits / dayMs)).toBe(30);
  });

  test("the artist's own hours count, and skip instead of defer where the step says so", async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const [part] = await ask('presave', fan, release.id, {}, { onUnmet: 'defer', deadlineHours: 2 });
    const waits =
      part?.verdict.kind === 'defer' ? part.verdict.deadlineAt.getTime() - stage.now().getTime() : 0;
    expect(Math.round(waits / 60_000)).toBe(120);
    const skipped = await ask('presave', fan, release.id, {}, { onUnmet: 'skip', deadlineHours: null });
    expect(verdicts(skipped)).toEqual(one('', 'skip', 'not_connected'));
  });

  test('R102 at its deadline a pre-save becomes a reminder where any channel has consent, else a skip', async () => {
    const release = await stage.addRelease({ releaseAt: new Date(stage.now().getTime() - 1_000) });
    const late = { kind: 'step', isPastDeadline: true, deadlineAt: release.releaseAt };
    const agreed = await stage.addFan({ hasConsent: true });
    const silent = await stage.addFan();
    expect(verdicts(await ask('presave', agreed, release.id, late))).toEqual(one('', 'done', 'reminder_set'));
    expect(verdicts(await ask('presave', silent, release.id, late))).toEqual(
      one('', 'skip', 'not_connected'),
    );
    // R55: counted apart from pre-saves.
    expect(verdicts(await ask('saveRelease', agreed, release.id, late))).toEqual(
      one('', 'skip', 'not_connected'),
    );
  });

  test('R102 the reminder brings the item that sends it', async () => {
    const release = await stage.addRelease({ releaseAt: new Date(stage.now().getTime() - 1_000) });
    const fan = await stage.addFan({ hasConsent: true });
    const item = { id: newId(), kind: 'send', fanId: fan, priority: 2, dueAt: release.releaseAt, data: {} };
    const streaming = stage.openStreaming({ reminder: ({ outAt }) => ({ ...item, dueAt: outAt }) });
    const view = stage.view(fan, { kind: 'step', isPastDeadline: true, deadlineAt: release.releaseAt });
    const [part] = await streaming.forStep(view, defer, () => stage.facts(fan)).presave(release.id);
    expect(part?.verdict).toMatchObject({ reason: 'reminder_set', items: [item], tracks: item.id });
  });

  test('R9 what is deferred waits on the link and the end of the flow, not on its pause', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const flowId = newId();
    const [part] = await ask('presave', fan, release.id, { flowId });
    expect(part?.gates.map(({ key }) => key).sort()).toEqual(
      [gateKeys.flowDeleted(flowId), gateKeys.streaming(fan), gateKeys.release(release.id)].sort(),
    );
  });

  test('R11 a deleted flow ends its steps', async () => {
    const fan = await stage.addFan();
    const flowId = newId();
    await transaction(db, (tx) =>
      signal(tx, stage.projectId, [{ key: gateKeys.flowDeleted(flowId), closed: true }]),
    );
    expect(verdicts(await ask('followArtist', fan, stage.artistId, { flowId, kind: 'step' }))).toEqual(
      one('', 'skip', 'flow_deleted'),
    );
  });
});

describe('4.5 a grant is there', () => {
  test('R100 no purpose covers it: needs_ok; one for future releases of the artist covers a release', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('follow', stage.artistId)] });
    const [part] = await ask('presave', fan, release.id);
    expect(part).toMatchObject({
      service: 'spotify',
      verdict: { kind: 'defer', reason: 'needs_ok', promise: `${fan}:presave:${release.id}:spotify` },
    });
    await stage.link(fan, { purposes: [allow('future', stage.artistId)] });
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'done', 'scheduled'));
  });

  test('R68 a permission that the sign-in never gave is asked for, not tried', async () => {
    const fan = await stage.addFan();
    await stage.link(fan, { scopes: ['user-library-modify'], purposes: [allow('follow', stage.artistId)] });
    expect(verdicts(await ask('followArtist', fan, stage.artistId))).toEqual(
      one('spotify', 'defer', 'needs_ok'),
    );
  });

  test('grant expired, or past its six months by the clock: grant_dead', async () => {
    const release = await stage.addRelease();
    const purposes = [allow('release', release.id)];
    const fan = await stage.addFan();
    await stage.link(fan, { authorisedAt: new Date(stage.now().getTime() - 200 * dayMs), purposes });
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'defer', 'grant_dead'));
    const other = await stage.addFan();
    await stage.link(other, { purposes });
    await sql`update streaming_grant set state = 'expired' where fan_id = ${other}`.execute(db);
    expect(verdicts(await ask('presave', other, release.id))).toEqual(one('spotify', 'defer', 'grant_dead'));
  });

  test('unlinked by the fan counts as not linked', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    await unlinkService(db, { projectId: stage.projectId, fanId: fan, service: 'spotify' });
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('', 'defer', 'not_connected'));
  });

  test('the work is not on the service: unsupported, for that service only', async () => {
    const release = await stage.addRelease({ services: [], releaseAt: stage.now() });
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    expect(verdicts(await ask('saveRelease', fan, release.id))).toEqual(
      one('spotify', 'skip', 'unsupported'),
    );
  });
});

describe('A10 a fan with several services', () => {
  test('A10 has an outcome on each: what one lacks holds up none of the others', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    await sql`
      insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, tokens, scopes, state, authorised_at, proven_at)
      select project_id, fan_id, 'tidal', connection_id, provider_account, tokens, scopes, 'expired', authorised_at, proven_at
        from streaming_grant where fan_id = ${fan}`.execute(db);
    expect(
      verdicts(await ask('presave', fan, release.id)).toSorted((a, b) => (a.service < b.service ? -1 : 1)),
    ).toEqual([...one('spotify', 'done', 'scheduled'), ...one('tidal', 'defer', 'grant_dead')]);
  });
});

describe('4.5 pre-save', () => {
  test('R103 scheduled at once on a grant proven today, with the item that performs it', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    const data = { chain: ['a'], rootEventId: 'root', other: 1 };
    const [part] = await ask('presave', fan, release.id, { data, flowId: newId() });
    const verdict = part?.verdict;
    if (verdict?.kind !== 'done') throw new Error('not done');
    expect(verdict).toMatchObject({
      reason: 'scheduled',
      events: [{ type: 'release.presaved', subject: { releaseId: release.id, service: 'spotify' } }],
      items: [{ kind: 'save', dueAt: release.releaseAt, promise: `${fan}:save:${release.id}:spotify` }],
    });
    const [item] = verdict.items ?? [];
    expect(item?.data).toEqual({
      // R110: on the day, a flow may tell it from what a fan did.
      cause: 'release-day',
      chain: ['a'],
      rootEventId: 'root',
      releaseId: release.id,
      service: 'spotify',
    });
    expect(verdict.tracks).toBe(item?.id);
    // R11: it belongs to the fan, so the end of the flow must not wake or end it.
    expect(item?.flowId).toBeUndefined();
    expect(item?.waitOn?.some(({ key }) => key.startsWith('flow:'))).toBe(false);
  });

  test('R103 not proven for a day: the service is asked first', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    const provenAt = new Date(stage.now().getTime() - dayMs - 1_000);
    await stage.link(fan, { provenAt, purposes: [allow('release', release.id)] });
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'call', 'grant.probe'));
  });

  test('R58 grant ends before the release: scheduled, with the day to renew by', async () => {
    const releaseAt = new Date(stage.now().getTime() + 300 * dayMs);
    const release = await stage.addRelease({ releaseAt });
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    const [part] = await ask('presave', fan, release.id);
    const { grants } = await stage.facts(fan);
    if (part?.verdict.kind !== 'done') throw new Error('not done');
    expect(part.verdict.writes?.[0]?.row['renewBy']).toBe(grants[0]?.diesAt?.toISOString());
  });

  test('already pre-saved: done already, no second event', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    await addSave(fan, release.id, 'scheduled');
    const parts = await ask('presave', fan, release.id);
    expect(verdicts(parts)).toEqual(one('spotify', 'done', 'already'));
    expect(parts[0]?.verdict).not.toHaveProperty('events');
  });

  test('A9 already out: added to the library now', async () => {
    const release = await stage.addRelease({ releaseAt: new Date(stage.now().getTime() - 1_000) });
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'call', 'library.save'));
    await addSave(fan, release.id, 'verified');
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'done', 'already'));
  });

  test('R57 local midnight: the zone of the fan, else of the project', async () => {
    const releaseAt = new Date('2031-06-12T00:00:00Z');
    const release = await stage.addRelease({ releaseAt, releaseMode: 'local' });
    const fan = await stage.addFan();
    await stage.link(fan, { diesAt: null, purposes: [allow('release', release.id)] });
    const dueIn = async (streaming: typeof stage.streaming) => {
      const parts = await streaming
        .forStep(stage.view(fan), defer, () => stage.facts(fan))
        .presave(release.id);
      const verdict = parts[0]?.verdict;
      return verdict?.kind === 'done' ? verdict.items?.[0]?.dueAt.toISOString() : undefined;
    };
    expect(await dueIn(stage.streaming)).toBe('2031-06-11T22:00:00.000Z');
    expect(await dueIn(stage.openStreaming({ zoneOf: () => 'America/Denver' }))).toBe(
      '2031-06-12T06:00:00.000Z',
    );
  });

  test('a cancelled release ends the step', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan();
    await cancelRelease(db, stage.projectId, release.id, stage.now());
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('', 'skip', 'release_cancelled'));
  });

  test('a save counts towards the lane of its app', async () => {
    const release = await stage.addRelease({ releaseAt: stage.now() });
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('release', release.id)] });
    const [part] = await ask('saveRelease', fan, release.id);
    expect(part?.verdict).toMatchObject({ lanes: [{ id: `app:${stage.connectionId}`, cost: 1 }] });
  });
});

describe('4.5 follow', () => {
  test('follows already by our records: done already', async () => {
    const fan = await stage.addFan();
    await stage.link(fan, { purposes: [allow('follow', stage.artistId)] });
    expect(verdicts(await ask('followArtist', fan, stage.artistId))).toEqual(
      one('spotify', 'call', 'artist.follow'),
    );
    await sql`
      insert into followed (project_id, fan_id, artist_id, service, at)
      values (${stage.projectId}, ${fan}, ${stage.artistId}, 'spotify', ${stage.now()})`.execute(db);
    expect(verdicts(await ask('followArtist', fan, stage.artistId))).toEqual(
      one('spotify', 'done', 'already'),
    );
  });
});

const ask63 = (fan: string, releaseId: string) => ask('presave', fan, releaseId, {}, defer, invited);

describe('R63 the app serves named testers only', () => {
  test("the artist's own page first, then a reminder, never a save", async () => {
    const countdownUrl = 'https://countdown.example/nightglass';
    const [withPage, without] = [await invited.addRelease({ countdownUrl }), await invited.addRelease()];
    const agreed = await invited.addFan({ hasConsent: true });
    expect(verdicts(await ask63(agreed, withPage.id))).toEqual(one('', 'done', 'handed_over'));
    expect(verdicts(await ask63(agreed, without.id))).toEqual(one('', 'done', 'reminder_set'));
    expect(verdicts(await ask63(await invited.addFan(), without.id))).toEqual(
      one('', 'defer', 'not_connected'),
    );
  });

  test('a named tester is asked to link like anyone else', async () => {
    const release = await invited.addRelease();
    const tester = await invited.addFan({ email: 'Mara@fans.example', hasConsent: true });
    expect(verdicts(await ask63(tester, release.id))).toEqual(one('', 'defer', 'not_connected'));
  });

  test('an account that the app refused gets the same offers', async () => {
    const release = await stage.addRelease();
    const fan = await stage.addFan({ hasConsent: true });
    const key = { projectId: stage.projectId, fanId: fan, service: 'spotify' };
    await refuseGrant(db, key, stage.connectionId, stage.now());
    expect(verdicts(await ask('presave', fan, release.id))).toEqual(one('spotify', 'done', 'reminder_set'));
    expect(verdicts(await ask('followArtist', fan, stage.artistId))).toEqual(
      one('spotify', 'skip', 'unsupported'),
    );
  });
});

async function addSave(fanId: string, releaseId: string, state: string) {
  await sql`
    insert into save (project_id, fan_id, release_id, service, state, created_at)
    values (${stage.projectId}, ${fanId}, ${releaseId}, 'spotify', ${state}, ${stage.now()})
    on conflict (project_id, fan_id, release_id, service) do update set state = excluded.state`.execute(db);
}

test('the scopes of the tests are those that the actions need', async () => {
  const client = (await stage.connections.find(stage.connectionId))?.streaming;
  expect(client?.oauth.scopesFor(['save-album', 'follow-artist'])).toEqual(allScopes);
});
