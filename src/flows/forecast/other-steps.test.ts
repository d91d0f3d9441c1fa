import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addEmail } from '../../../test/email-rig.ts';
import { forecastFlow } from './forecast.ts';
import type { Asked } from './population.ts';
import { startForecasts, step } from './testing.ts';

const { rig, deps, addFan, forecast } = await startForecasts();
const { db } = deps;

describe('R53 the other steps', () => {
  const pages: Asked['trigger'] = { trigger: 'follow', config: {} };

  test('R75 R76 mails: consent, bounces and addresses; without a ready sender nobody gets one', async () => {
    const stage = await rig.stage();
    await addFan(stage, { email: 'a@fans.example', has: ['mail_consent'] });
    await addFan(stage, { email: 'b@fans.example', has: ['mail_consent', 'bounce'] });
    await addFan(stage, { email: 'c@fans.example' });
    await addFan(stage);
    const steps = [step('send-email', { subject: 's', body: 'b' })];
    expect(await forecast(stage, { trigger: pages, steps })).toEqual(['1 skipped: no_sender × 4']);
    await addEmail(rig, stage);
    await sql`update project set postal_address = '' where id = ${stage.projectId}`.execute(db);
    deps.projects.forget(stage.projectId);
    const others = ['1 skipped: bounced × 1', '1 skipped: no_address × 1', '1 skipped: no_consent × 1'];
    expect(await forecast(stage, { trigger: pages, steps })).toEqual(
      [...others, '1 skipped: sender_not_ready × 1'].toSorted(),
    );
    await sql`update project set postal_address = 'A Street 1' where id = ${stage.projectId}`.execute(db);
    deps.projects.forget(stage.projectId);
    expect(await forecast(stage, { trigger: pages, steps })).toEqual(['1 done × 1', ...others].toSorted());
    const signUp: Asked['trigger'] = { trigger: 'email-sign-up', config: {} };
    expect(await forecast(stage, { trigger: signUp, steps })).toEqual([
      '1 done × 2',
      '1 skipped: bounced × 1',
    ]);
  });

  test('R100 R103 streaming: nobody linked, a box not ticked, a link that ended, saved already', async () => {
    const stage = await rig.stage();
    const { projectId } = stage;
    const [artistId, releaseId, segmentId] = [newId(), newId(), newId()];
    const out = new Date(stage.now().getTime() + 86_400_000);
    await sql`insert into artist (project_id, id, name, created_at) values (${projectId}, ${artistId}, 'L', now())`.execute(
      db,
    );
    await sql`insert into artist_service (project_id, artist_id, service, service_id)
      values (${projectId}, ${artistId}, 'spotify', ${newId()})`.execute(db);
    await sql`insert into release (project_id, id, artist_id, title, kind, release_at, created_at)
      values (${projectId}, ${releaseId}, ${artistId}, 'N', 'album', ${out}, now())`.execute(db);
    const app = await rig.first.connections.createConnection({
      accountId: stage.accountId,
      connector: 'spotify',
      label: 'App',
      isLive: false,
      settings: { clientId: 'c', mode: 'extended' },
    });
    await rig.first.connections.lendConnection(stage.accountId, app.id, projectId);
    const linked = async (state: string, allows: 'release' | 'follow' | null, service = 'spotify') => {
      const fanId = await addFan(stage, { phone: null });
      await sql`insert into streaming_grant (project_id, fan_id, service, connection_id, provider_account, scopes, state, authorised_at, proven_at)
        values (${projectId}, ${fanId}, ${service}, ${app.id}, 'x', '{}', ${state}, now(), now())`.execute(
        db,
      );
      if (allows !== null)
        await sql`insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
          values (${projectId}, ${fanId}, ${allows}, ${allows === 'release' ? releaseId : artistId}, 'yes', 'page', now())`.execute(
          db,
        );
      return fanId;
    };
    await linked('live', 'release');
    const saved = await linked('live', 'release');
    await sql`insert into save (project_id, fan_id, release_id, service, state, created_at)
      values (${projectId}, ${saved}, ${releaseId}, 'spotify', 'scheduled', now())`.execute(db);
    await linked('live', 'follow');
    await linked('expired', 'release');
    await linked('revoked', 'release');
    await linked('live', 'follow', 'apple-music');
    await sql`insert into segment (project_id, id, name, created_at) values (${projectId}, ${segmentId}, 'S', now())`.execute(
      db,
    );
    await sql`insert into segment_member (project_id, segment_id, fan_id, added_at)
      values (${projectId}, ${segmentId}, ${saved}, now())`.execute(db);
    const steps = [
      step('presave', { releaseId }),
      step('follow-artist', { artistId }, { onUnmet: 'skip' }),
      step('add-to-segment', { segmentId }),
      step('presave', {}),
    ];
    expect(await forecast(stage, { trigger: pages, steps })).toEqual(
      [
        '1 done: already × 1',
        '1 done: scheduled × 1',
        '1 deferred: grant_dead × 1',
        '1 deferred: needs_ok × 2',
        '1 deferred: not_connected × 1',
        '2 done × 1',
        '2 skipped: grant_dead × 1',
        '2 skipped: needs_ok × 2',
        '2 skipped: not_connected × 1',
        '2 skipped: unsupported × 1',
        '3 done × 5',
        '3 done: already × 1',
      ].toSorted(),
    );
  });

  test('R29 who has been through it does not start it once more; NextSave fans start a new release', async () => {
    const stage = await rig.stage();
    const [fanId, flowId] = [await addFan(stage, { phone: null }), newId()];
    await addFan(stage, { phone: null });
    await sql`insert into reentry (project_id, flow_id, fan_id, last_run_id, last_at, count)
      values (${stage.projectId}, ${flowId}, ${fanId}, ${newId()}, now(), 1)`.execute(db);
    const told = async (asked: Partial<Asked>) => {
      const { starts, notStarting } = await forecastFlow(deps, stage.projectId, {
        trigger: pages,
        steps: [],
        ...asked,
      });
      return [starts, ...notStarting.map(({ reason, fans }) => `${reason} ${fans}`)];
    };
    expect(await told({ flowId, reentry: { policy: 'once' } })).toEqual([1, 'been_through 1']);
    expect(await told({ flowId, reentry: { policy: 'always' } })).toEqual([2]);
    const news: Asked['trigger'] = { trigger: 'new-release', config: {} };
    expect(await told({ trigger: news })).toEqual([0, 'no_nextsave 2']);
    await sql`insert into purpose (project_id, fan_id, kind, target_id, words, source, given_at)
      values (${stage.projectId}, ${fanId}, 'future', ${newId()}, 'yes', 'page', now())`.execute(db);
    expect(await told({ trigger: news })).toEqual([1, 'no_nextsave 1']);
  });

  test('R70 R69 Instagram: an open window, the one answer to a comment, or nothing', async () => {
    const stage = await rig.stage();
    const fanId = await addFan(stage, { phone: null });
    await sql`insert into address (project_id, channel, value, fan_id, created_at)
      values (${stage.projectId}, 'instagram', '178', ${fanId}, now())`.execute(db);
    const dm = step('send-instagram-dm', { text: 'hi' });
    const steps = [dm, dm];
    const comment: Asked['trigger'] = { trigger: 'instagram-comment', config: { keywords: ['LINK'] } };
    const gone = ['1 deferred: ig_disconnected × 1', '2 deferred: ig_disconnected × 1'];
    expect(await forecast(stage, { trigger: comment, steps })).toEqual(gone);
  });
});
