import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId } from '#lib/ids.ts';
import { addEmail, emailStep } from '../../../test/email-rig.ts';
import { createMessagingRig } from '../../../test/messaging-rig.ts';
import { pauseReason, readRates } from './sender-health.ts';

const rig = await createMessagingRig();

/** As many mails that went out before, the newest with these reports. */
async function sentBefore(
  projectId: string,
  sender: string,
  count: number,
  events: readonly string[],
  at: Date,
) {
  const ids = Array.from({ length: count }, () => newId());
  await sql`
    insert into message (project_id, id, channel, address, sender, class, parts, has_opt_out_wording, sent_at)
    select ${projectId}, id, 'email', 'x@fans.example', ${sender}, 'marketing', 1, true,
           ${at}::timestamptz - n * interval '1 second'
      from unnest(${ids}::uuid[]) with ordinality as m(id, n)`.execute(rig.db);
  for (const [index, event] of events.entries())
    await sql`
      insert into email_report (message_id, event, project_id, at)
      values (${ids[index]}, ${event}, ${projectId}, ${at})`.execute(rig.db);
}

test('R113 three complaints in a thousand mails pause the sender; a person lets it send again', async () => {
  const stage = await rig.stage();
  const email = await addEmail(rig, stage);
  await stage.flow({
    keywords: ['MAIL'],
    mode: 'reply',
    steps: [emailStep()],
    reentry: { policy: 'always' },
  });
  await sentBefore(stage.projectId, email.address, 1_200, ['complaint', 'complaint'], stage.now());
  const fan = await email.fan({ local: 'spamcomplaint' });
  await email.start(fan.phone, 'MAIL');
  const { rows } = await sql<{ paused_for: string }>`
    select paused_for from email_sender where connection_id = ${email.connectionId}`.execute(rig.db);
  expect(rows).toEqual([{ paused_for: 'complaints' }]);
  const other = await email.fan();
  await email.start(other.phone, 'MAIL');
  expect(await stage.outcomes()).toEqual(['1 done', '1 skipped: sender_not_ready']);

  await sql`
    update email_sender set paused_at = null, resumed_at = ${stage.now()}
     where connection_id = ${email.connectionId}`.execute(rig.db);
  const connection = { id: email.connectionId, projectIds: [stage.projectId] };
  expect(await readRates(rig.db, connection)).toMatchObject({ mails: 0, complaints: 0 });
});

test('R113 only the last thousand mails count, of this sender and these projects', async () => {
  const stage = await rig.stage();
  const email = await addEmail(rig, stage);
  const now = stage.now();
  await sentBefore(stage.projectId, email.address, 1_100, [], now);
  const older = new Date(now.getTime() - 86_400_000);
  await sentBefore(
    stage.projectId,
    email.address,
    5,
    Array.from({ length: 5 }, () => 'complaint'),
    older,
  );
  await sentBefore(newId(), email.address, 5, ['complaint', 'hard_bounce'], now);
  const connection = { id: email.connectionId, projectIds: [stage.projectId] };
  expect(await readRates(rig.db, connection)).toMatchObject({ mails: 1_000, complaints: 0, bounces: 0 });
});

test('R113 few mails are judged with care: one complaint is no pause, a list of dead addresses is', () => {
  const rates = (mails: number, complaints: number, bounces: number) => ({
    mails,
    complaints,
    bounces,
    complaintRate: complaints / Math.max(mails, 1_000),
    bounceRate: bounces / Math.max(mails, 100),
  });
  expect(pauseReason(rates(10, 1, 1))).toBeNull();
  expect(pauseReason(rates(1_000, 2, 49))).toBeNull();
  expect(pauseReason(rates(1_000, 3, 0))).toBe('complaints');
  expect(pauseReason(rates(20, 0, 5))).toBe('bounces');
});
