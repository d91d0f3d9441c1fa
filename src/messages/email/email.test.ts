import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { setSending } from '#kill-switch/kill-switch.ts';
import { addEmail, emailStep } from '../../../test/email-rig.ts';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, day, type Stage } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

describe('a mail of a flow', () => {
  test('R75 R113 goes to a fan who agreed, with both one-click headers, a visible link and who sends', async () => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
    const fan = await email.fan();
    await email.start(fan.phone, 'MAIL');
    const [mail] = await email.mails(fan.email);
    expect(mail).toMatchObject({ to: fan.email, subject: 'Nightglass is out' });
    expect(mail?.from).toMatch(/Luna Vale.*<hello@mail\.example>/);
    expect(mail?.text).toMatch(/^Hi friend\n\n-- \n\n.*\nLuna LLC · 1 Main St, Springfield\n/);
    const url = await email.unsubscribeUrl(fan.email);
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(mail?.text).toContain(`Unsubscribe: ${url}`);
    expect(mail?.html).toContain(url);
    expect(await stage.outcomes()).toEqual(['1 done']);
  });

  test('R78 uses one e-mail credit, and the report of the provider is its delivery', async () => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
    const fan = await email.fan();
    await email.start(fan.phone, 'MAIL');
    const { rows } = await sql<{ account: string; used: number }>`
      select account, used from credit_balance where project_id = ${stage.projectId}`.execute(rig.db);
    expect(rows).toEqual([{ account: 'email', used: 1 }]);
    await expect.poll(() => deliveries(stage.projectId)).toEqual(['delivered']);
  });

  test.each([
    ['no_consent', { agrees: false }],
    ['bounced', { local: 'bounce' }],
    ['unsubscribed', { local: 'spamcomplaint' }],
  ])('4.5 %s: the second mail is skipped with that reason', async (reason, who) => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    await stage.flow({
      keywords: ['MAIL'],
      mode: 'reply',
      steps: [emailStep()],
      reentry: { policy: 'always' },
    });
    const fan = await email.fan(who);
    await email.start(fan.phone, 'MAIL');
    await email.start(fan.phone, 'MAIL');
    expect((await stage.outcomes()).at(-1)).toBe(`1 skipped: ${reason}`);
  });

  test('4.5 no_sender, no_address, sender_not_ready', async () => {
    const stage = await rig.stage();
    await stage.flow({
      keywords: ['MAIL'],
      mode: 'reply',
      steps: [emailStep()],
      reentry: { policy: 'always' },
    });
    await stage.byApi('+12125559901', 'MAIL');
    const email = await addEmail(rig, stage);
    await stage.byApi('+12125559901', 'MAIL');
    await sql`update project set postal_address = '' where id = ${stage.projectId}`.execute(rig.db);
    const fan = await email.fan();
    // The project's facts are a second old at most.
    await expect
      .poll(
        async () => {
          await email.start(fan.phone, 'MAIL');
          return (await stage.outcomes()).at(-1);
        },
        { timeout: 4_000, interval: 300 },
      )
      .toBe('1 skipped: sender_not_ready');
    expect((await stage.outcomes()).slice(0, 2)).toEqual(['1 skipped: no_sender', '1 skipped: no_address']);
  });

  test('R48 where the words she agreed to name a number, no month brings more mails', async () => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    await stage.flow({
      keywords: ['MAIL'],
      mode: 'reply',
      steps: [emailStep()],
      reentry: { policy: 'always' },
    });
    const fan = await email.fan();
    await sql`update consent set per_month = 1 where address = ${fan.email}`.execute(rig.db);
    await email.start(fan.phone, 'MAIL');
    await email.start(fan.phone, 'MAIL');
    expect(await stage.outcomes()).toEqual(['1 done', '1 skipped: cap']);
    await stage.advance(31 * day);
    await email.start(fan.phone, 'MAIL');
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
  });

  test('R48 texts and mails share the project’s limit over all channels, also in one run', async () => {
    const stage = await rig.stage({ allChannelsCap: 3 });
    const email = await addEmail(rig, stage);
    await stage.flow({ keywords: ['JOIN'] });
    await stage.flow({
      keywords: ['BOTH'],
      mode: 'reply',
      steps: [emailStep(), 'news'],
      reentry: { policy: 'always' },
    });
    const fan = await email.fan();
    // Her text's own answer is none of them.
    await stage.text(fan.phone, 'join');
    for (let at = 0; at < 3; at++) {
      await stage.advance(11 * 60_000);
      await email.start(fan.phone, 'BOTH');
    }
    expect((await stage.outcomes()).slice(1)).toEqual([
      '1 done',
      '2 done',
      '1 done',
      '2 skipped: cap',
      '1 skipped: cap',
      '2 skipped: cap',
    ]);
    await stage.advance(31 * day);
    await email.start(fan.phone, 'BOTH');
    expect((await stage.outcomes()).slice(-2)).toEqual(['1 done', '2 done']);
  });

  test('R92 R113 what a fan is called can neither be a header nor HTML', async () => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage, 'smtp');
    const subject = '{{ fan.name | default: "x" }}';
    await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep({ subject, body: subject })] });
    const fan = await email.fan();
    const name = 'Eve\r\nBcc: all@fans.example <script>https://evil.example';
    await sql`update fan set name = ${name} where id = ${fan.fanId}`.execute(rig.db);
    await email.start(fan.phone, 'MAIL');
    const [mail] = await email.mails(fan.email);
    expect(mail?.subject).toBe('Eve Bcc: allfans example <script>');
    expect(mail?.html).not.toContain('<script>');
    expect(Object.keys(mail?.headers ?? {})).not.toContain('Bcc');
    expect(await email.fake.mails()).toHaveLength(1);
  });
});

describe('R109 one cause, one mail', () => {
  /** A fan whose first run did `steps`, and a run that one of its steps started, with a mail of its own. */
  async function twoRuns(
    steps: (stage: Stage) => Promise<{ step: string; config: Record<string, unknown> }[]>,
  ) {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    const fan = await email.fan();
    const { flowId } = await stage.flow({ keywords: ['FIRST'], mode: 'reply', steps: await steps(stage) });
    await stage.flow({ keywords: ['SECOND'], mode: 'reply', steps: [emailStep()] });
    const { eventId } = await email.start(fan.phone, 'FIRST');
    await rig.first.accept(stage.projectId, {
      source: 'step',
      key: newId(),
      type: 'sms.keyword',
      fingerprint: '',
      occurredAt: stage.now(),
      payload: { fanId: fan.fanId, subject: { keyword: 'second' } },
      chain: [flowId],
      rootEventId: eventId,
    });
    await stage.settled();
    return { outcomes: await stage.outcomes(), mails: (await email.mails(fan.email)).length };
  }

  test('R109 a run that a step started keeps quiet when the first run wrote', async () => {
    expect(await twoRuns(() => Promise.resolve([emailStep()]))).toEqual({
      outcomes: ['1 done', '1 skipped: same_cause'],
      mails: 1,
    });
  });

  test('R109 it writes when the first did not; what another channel said does not count', async () => {
    const text = { step: 'send-text', config: { body: 'hi' } };
    const { outcomes, mails } = await twoRuns(async (stage) => [await stage.segment(), text]);
    expect(outcomes.at(-1)).toBe('1 done');
    expect(mails).toBe(1);
  });
});

describe('unsubscribing', () => {
  async function mailed() {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage);
    await stage.flow({
      keywords: ['MAIL'],
      mode: 'reply',
      steps: [emailStep()],
      reentry: { policy: 'always' },
    });
    const fan = await email.fan();
    await email.start(fan.phone, 'MAIL');
    return { stage, email, fan, url: await email.unsubscribeUrl(fan.email) };
  }
  const form = (fields: Record<string, string>) => ({
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual' as const,
  });

  test('R75 one POST of a mail program ends it: 200, empty, no redirect; GET alone does not', async () => {
    const { stage, email, fan, url } = await mailed();
    const asked = await fetch(url);
    expect(asked.status).toBe(200);
    const page = await asked.text();
    expect(page).toContain('Luna Vale');
    expect(page).not.toContain(fan.email);
    expect(await email.consents(fan.email)).toEqual(['claimed live']);
    const answer = await fetch(url, form({ 'List-Unsubscribe': 'One-Click' }));
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await email.consents(fan.email)).toEqual(['claimed ended by the mail program']);
    expect(await stage.isOptedOut(fan.email)).toBe(true);
    await email.start(fan.phone, 'MAIL');
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: unsubscribed');
    expect((await fetch(url, form({ 'List-Unsubscribe': 'One-Click' }))).status).toBe(200);
  });

  test('the page’s own button says that it is done, and lets her come back', async () => {
    const { stage, email, fan, url } = await mailed();
    const done = await (await fetch(url, form({ from: 'page' }))).text();
    expect(done).toContain('You are unsubscribed');
    expect(await email.consents(fan.email)).toEqual(['claimed ended by the link']);
    await fetch(`${url}/again`, form({}));
    expect(await email.consents(fan.email)).toEqual(['claimed ended by the link', 'restart live']);
    await email.start(fan.phone, 'MAIL');
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
  });

  test('R112 works while all sending is stopped', async () => {
    const { stage, email, fan, url } = await mailed();
    await setSending(rig.db, stage.projectId, { isStopped: true, actor: 'test' });
    expect((await fetch(url, form({ 'List-Unsubscribe': 'One-Click' }))).status).toBe(200);
    expect(await email.consents(fan.email)).toEqual(['claimed ended by the mail program']);
  });

  test('a link of nobody is 404 and names no artist; of a fan who was erased it says it is done', async () => {
    const { fan, url } = await mailed();
    const spoilt = url.slice(0, -2) + (url.endsWith('AA') ? 'BB' : 'AA');
    for (const one of [spoilt, `${url}A`, url.replace(/\/u\/.*/, '/u/x')]) {
      const answer = await fetch(one, form({ 'List-Unsubscribe': 'One-Click' }));
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('Luna');
    }
    await sql`delete from address where fan_id = ${fan.fanId}`.execute(rig.db);
    expect(await (await fetch(url)).text()).toContain('You are unsubscribed');
    expect((await fetch(url, form({ 'List-Unsubscribe': 'One-Click' }))).status).toBe(200);
  });

  test('R77 an unsubscription while a mail waits stops that mail', async () => {
    const { stage, email, fan, url } = await mailed();
    email.fake.setFault({ mode: 'rate_limited', count: 1 });
    const started = email.start(fan.phone, 'MAIL');
    await expect.poll(() => email.fake.calls().map(({ status }) => status)).toContain(429);
    await fetch(url, form({ 'List-Unsubscribe': 'One-Click' }));
    await started;
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: unsubscribed');
    expect(await email.mails(fan.email)).toHaveLength(1);
  });
});

describe('what providers report', () => {
  test.each(['postmark', 'resend', 'amazon-ses'] as const)(
    'R76 %s: a dead address is suppressed, a complaint ends consent too',
    async (connector) => {
      const stage = await rig.stage();
      const email = await addEmail(rig, stage, connector);
      await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
      const [dead, cross, well] = [
        await email.fan({ local: 'bounce' }),
        await email.fan(),
        await email.fan(),
      ];
      for (const { phone } of [dead, cross, well]) await email.start(phone, 'MAIL');
      const [mail] = await email.mails(cross.email);
      await email.fake.complain(mail?.id ?? '');
      await email.fake.settled();
      expect(await email.suppression(dead.email)).toBe('hard_bounce');
      expect(await email.suppression(cross.email)).toBe('complaint');
      expect(await email.consents(cross.email)).toEqual(['claimed ended by a spam report']);
      expect(await email.suppression(well.email)).toBeNull();
      expect(await email.consents(well.email)).toEqual(['claimed live']);
      expect((await deliveries(stage.projectId)).toSorted()).toEqual(['delivered', 'delivered', 'failed']);
    },
  );

  test('R76 a mail server says it at once', async () => {
    const stage = await rig.stage();
    const email = await addEmail(rig, stage, 'smtp');
    await stage.flow({
      keywords: ['MAIL'],
      mode: 'reply',
      steps: [emailStep()],
      reentry: { policy: 'always' },
    });
    const fan = await email.fan({ local: 'bounce' });
    await email.start(fan.phone, 'MAIL');
    expect(await email.suppression(fan.email)).toBe('hard_bounce');
    expect(await stage.outcomes()).toEqual(['1 skipped: bounced']);
    await email.start(fan.phone, 'MAIL');
    expect(email.fake.calls()).toHaveLength(1);
  });

  test('R76 only the project that wrote is told, and a repeated report changes nothing', async () => {
    const stage = await rig.stage({ projects: 2 });
    const email = await addEmail(rig, stage);
    await stage.flow({ keywords: ['MAIL'], mode: 'reply', steps: [emailStep()] });
    const fan = await email.fan();
    const [, otherId = ''] = stage.projectIds;
    await sql`insert into fan (project_id, id, created_at) values (${otherId}, ${fan.fanId}, now())`.execute(
      rig.db,
    );
    await sql`
      insert into address (project_id, channel, value, fan_id, created_at)
      values (${otherId}, 'email', ${fan.email}, ${fan.fanId}, now())`.execute(rig.db);
    await email.start(fan.phone, 'MAIL');
    const [mail] = await email.mails(fan.email);
    for (let times = 0; times < 2; times++) {
      await email.fake.complain(mail?.id ?? '');
      await email.fake.settled();
    }
    const { rows } = await sql`select project_id from suppression where address = ${fan.email}`.execute(
      rig.db,
    );
    expect(rows).toEqual([{ project_id: stage.projectId }]);
    const reports = await sql`
      select event from email_report where project_id = ${stage.projectId} order by event`.execute(rig.db);
    expect(reports.rows).toEqual([{ event: 'complaint' }, { event: 'delivered' }]);
  });
});

async function deliveries(projectId: string): Promise<string[]> {
  const { rows } = await sql<{ status: string }>`
    select delivery->>'status' as status from outcome
     where project_id = ${projectId} and delivery is not null order by run_id`.execute(rig.db);
  return rows.map((row) => row.status);
}
