import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { setSending } from '#kill-switch/kill-switch.ts';
import { transaction } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, day, hour, minute, newPhone } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

/** A stage with a fan who consented and was confirmed. */
async function joined(options: Parameters<typeof rig.stage>[0] = {}, perMonth = 5) {
  const stage = await rig.stage(options);
  const flow = await stage.flow({ keywords: ['PRESAVE'], perMonth });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  await stage.advance(2 * minute);
  return { stage, phone, flow };
}

describe('R39 the confirmation of an opt-in', () => {
  test('R39 rides in the text of the flow: one text, and nothing ten seconds later', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.advance(11_000);
    await stage.settled();
    expect(await stage.got(phone)).toEqual([expect.stringContaining('you are in You joined')]);
  });

  test('R39 goes alone, once, when no text of the flow carries it', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], steps: [await stage.segment()] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    expect(await stage.got(phone)).toEqual([]);
    await stage.advance(11_000);
    await stage.settled();
    expect(await stage.got(phone)).toEqual([
      'Luna Vale: You joined: max 5 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end',
    ]);
    await stage.advance(minute);
    await stage.settled();
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R39 a refused text carried nothing: the next one does', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setFault({ mode: 'error', count: 1 });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await expect.poll(() => stage.got(phone)).toEqual([expect.stringContaining('You joined')]);
    await stage.advance(11_000);
    await stage.settled();
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R39 an opt-in that ended within the ten seconds is not confirmed', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], steps: [await stage.segment()] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.text(phone, 'stop');
    await stage.advance(11_000);
    await stage.settled();
    expect(await stage.got(phone)).toEqual([expect.stringContaining('unsubscribed')]);
  });
});

describe('R46 R47 quiet hours', () => {
  test('R46 the one reply goes at night, a marketing text is held to the opening, spread', async () => {
    const stage = await rig.stage({ at: '02:00' });
    await stage.flow({ keywords: ['PRESAVE'], steps: ['first', 'second'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    expect(await stage.got(phone)).toHaveLength(1);
    expect((await stage.outcomes()).at(-1)).toBe('2 held: quiet_hours');
    await stage.goTo('07:59');
    await stage.settled();
    expect(await stage.got(phone)).toHaveLength(1);
    await stage.goTo('08:11');
    await stage.settled();
    expect((await stage.got(phone)).at(-1)).toContain('second');
  });

  test('R47 consent is checked again at the opening', async () => {
    const { stage, phone } = await joined();
    await stage.goTo('23:00');
    await stage.byApi(phone, 'presave');
    await sql`update consent set revoked_at = now(), revoked_by = 'hand' where project_id = ${stage.projectId}`.execute(
      rig.db,
    );
    await stage.goTo('08:30');
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: no_consent');
  });

  test('R47 a clock that jumps over the opening and 36 hours leaves a stale text unsent', async () => {
    const { stage, phone } = await joined();
    await stage.goTo('23:00');
    await stage.byApi(phone, 'presave');
    await stage.advance(3 * day + 12 * hour);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: stale');
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R47 the age runs through a pause of the flow', async () => {
    const { stage, phone, flow } = await joined();
    await stage.goTo('23:00');
    await stage.byApi(phone, 'presave');
    const set = (closed: boolean) =>
      transaction(rig.db, (tx) => signal(tx, stage.projectId, [{ key: gateKeys.flow(flow.flowId), closed }]));
    await set(true);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 held: flow_paused');
    await stage.advance(3 * day + 12 * hour);
    await set(false);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: stale');
  });

  test('R46 the hours are those of the phone, not ours: 22:00 in New York is open in Hawaii', async () => {
    const stage = await rig.stage({ at: '22:00' });
    await stage.flow({ keywords: ['PRESAVE'], steps: ['first', 'second'] });
    const phone = `+1808555${newPhone().slice(-4)}`;
    await stage.text(phone, 'presave');
    expect(await stage.outcomes()).toEqual(['1 done', '2 done']);
  });

  test('S8 the provider is down over the five minutes at night: in the morning it says why', async () => {
    const stage = await rig.stage({ at: '02:00' });
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setFault({ mode: 'error' });
    const phone = newPhone();
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
    await expect.poll(() => stage.fake.calls().length).toBeGreaterThan(0);
    await stage.advance(6 * minute);
    await expect.poll(() => stage.outcomes(), { timeout: 5_000 }).toEqual(['1 held: quiet_hours']);
    stage.fake.setFault({ mode: 'ok' });
    await stage.goTo('08:30');
    await stage.settled();
    const texts = (await stage.got(phone)).filter((text) => text.includes('you are in'));
    expect(texts).toEqual([expect.stringMatching(/^Luna Vale: You texted last night\. you are in/)]);
  });

  test('S8 by day the same says nothing of a night', async () => {
    const stage = await rig.stage({ at: '10:00' });
    await stage.flow({ keywords: ['PRESAVE'] });
    await setSending(rig.db, stage.projectId, { isStopped: true, actor: 'test' });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.advance(2 * hour);
    await setSending(rig.db, stage.projectId, { isStopped: false, actor: 'test' });
    await stage.settled();
    expect((await stage.got(phone)).some((text) => text.includes('last night'))).toBe(false);
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
  });
});

describe('R48 how many texts a month', () => {
  test('R48 the lower of what the consent says and the cap; replies do not count', async () => {
    const { stage, phone } = await joined({ at: '09:30' }, 2);
    for (let at = 0; at < 4; at++) {
      await stage.advance(2 * minute);
      await stage.byApi(phone, 'presave');
    }
    expect((await stage.outcomes()).slice(1)).toEqual([
      '1 done',
      '1 done',
      '1 skipped: cap',
      '1 skipped: cap',
    ]);
    await stage.advance(31 * day);
    await stage.byApi(phone, 'presave');
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
  });

  test('R48 texts at the same moment do not pass the cap together', async () => {
    const { stage, phone } = await joined({ monthlyCap: 2 });
    for (const keyword of ['ONE', 'TWO', 'THREE', 'FOUR']) await stage.flow({ keywords: [keyword] });
    await Promise.all(['one', 'two', 'three', 'four'].map((keyword) => stage.byApi(phone, keyword)));
    expect((await stage.outcomes()).slice(1).toSorted()).toEqual([
      '1 done',
      '1 done',
      '1 skipped: cap',
      '1 skipped: cap',
    ]);
  });
});

describe('R109 one cause, one text', () => {
  test('R109 a run that a step started keeps quiet when the first run sent', async () => {
    const { stage, phone, flow } = await joined();
    await stage.flow({ keywords: ['TOUR'] });
    await caused(stage, phone, flow.flowId, await lastRootEvent(stage));
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: same_cause');
  });

  test('R109 or still has a text to send', async () => {
    const { stage, phone } = await joined({ at: '14:00' });
    const flow = await stage.flow({ keywords: ['ALBUM'], steps: ['album'] });
    await stage.flow({ keywords: ['TOUR'] });
    await stage.goTo('23:00');
    await stage.byApi(phone, 'album');
    expect((await stage.outcomes()).at(-1)).toBe('1 held: quiet_hours');
    // The caused run is looked at in the morning first.
    await stage.goTo('07:59');
    const root = await lastRootEvent(stage);
    await caused(stage, phone, flow.flowId, root);
    await stage.goTo('08:30');
    await stage.settled();
    const got = (await stage.got(phone)).slice(1);
    expect(got).toHaveLength(1);
    expect(got[0]).toContain('album');
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: same_cause');
  });

  test('R109 it speaks when the first has nothing to say, and after ten minutes; own steps never count', async () => {
    const { stage, phone } = await joined();
    const silent = await stage.flow({ keywords: ['LIST'], steps: [await stage.segment()] });
    await stage.flow({ keywords: ['TOUR'], steps: ['one', 'two'] });
    await stage.byApi(phone, 'list');
    await caused(stage, phone, silent.flowId, await lastRootEvent(stage));
    await stage.settled();
    expect((await stage.outcomes()).slice(-2)).toEqual(['1 done', '2 done']);
  });
});

type Stage = Awaited<ReturnType<typeof rig.stage>>;

async function lastRootEvent(stage: Stage): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select id from event where project_id = ${stage.projectId} and source <> 'event' order by id desc limit 1`.execute(
    rig.db,
  );
  return rows[0]?.id ?? '';
}

/** An event as a step of `flowId` raises it. */
async function caused(stage: Stage, phone: string, flowId: string, rootEventId: string) {
  const fanId = await stage.fanOf(phone);
  await rig.first.accept(stage.projectId, {
    source: 'step',
    key: newId(),
    type: 'sms.keyword',
    fingerprint: '',
    occurredAt: stage.now(),
    payload: { fanId, subject: { keyword: 'tour' } },
    chain: [flowId],
    rootEventId,
  });
}

describe('R124 what every text carries', () => {
  test('R124 the name always, the way out in the first text and then once in 30 days', async () => {
    const { stage, phone } = await joined({ monthlyCap: 60 }, 60);
    await stage.byApi(phone, 'presave');
    await stage.advance(31 * day);
    await stage.byApi(phone, 'presave');
    await stage.advance(day);
    await stage.byApi(phone, 'presave');
    const [first, second, third, fourth] = await stage.got(phone);
    expect(first).toContain('STOP to end');
    expect(second).toBe('Luna Vale: you are in');
    expect(third).toBe('Luna Vale: you are in STOP to end');
    expect(fourth).toBe('Luna Vale: you are in');
  });
});

describe('R52 R127 where a text can go', () => {
  test('R52 without a sender it is skipped', async () => {
    const { stage, phone } = await joined();
    await rig.first.connections.disableConnection(stage.accountId, stage.connectionId);
    await stage.byApi(phone, 'presave');
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: no_sender');
  });

  test('A8 R52 a fan without a number', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const payload = {
      api: {
        type: 'sms.keyword',
        fan: { email: 'a@b.example' },
        subject: { keyword: 'presave' },
        consent: null,
      },
    };
    await rig.first.accept(stage.projectId, {
      source: 'api',
      key: 'x',
      type: 'sms.keyword',
      fingerprint: '',
      occurredAt: stage.now(),
      payload,
    });
    await stage.settled();
    expect(await stage.outcomes()).toEqual(['1 skipped: no_address']);
  });

  test('R127 S9 from Germany to a US number: off, the inbox offers it; on, no way back', async () => {
    const phone = '+4915112345670';
    const off = await rig.stage();
    await off.flow({ keywords: ['PRESAVE'] });
    await off.text(phone, 'presave');
    expect(await off.outcomes()).toEqual(['1 skipped: country_off']);
    expect(await off.inbox()).toEqual(['country_off: presave']);
    expect(await off.got(phone)).toEqual([]);
    const on = await rig.stage({ countries: ['US', 'DE'] });
    await on.flow({ keywords: ['PRESAVE'] });
    await on.text(phone, 'presave');
    expect(await on.outcomes()).toEqual(['1 skipped: no_route']);
  });

  test('S9 the system speaks the language of the number', async () => {
    const stage = await rig.stage({ number: '+4915123456780', optOutHandling: 'segue' });
    await stage.text('+4915112345671', 'HELP');
    expect(await stage.got('+4915112345671')).toEqual([expect.stringContaining('Hilfe')]);
  });
});

async function credits(stage: Stage) {
  const { rows } = await sql<{ used: number; reserved: number }>`
    select used, reserved from credit_balance where project_id = ${stage.projectId} and account = 'sms'`.execute(
    rig.db,
  );
  return rows[0];
}

describe('R78 R79 R80 credits', () => {
  test('R80 R85 parts after filling in, times the country; answers cost nothing', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({
      keywords: ['PRESAVE'],
      steps: [`${'x'.repeat(200)} {{ fan.name | default: "friend" }}`],
    });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.text(phone, 'help');
    expect(await credits(stage)).toEqual({ used: 2, reserved: 0 });
  });

  test('R79 refused at once costs nothing, and counts for nothing', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    await stage.text('+15005521614', 'presave');
    expect(await stage.outcomes()).toEqual(['1 failed: undeliverable']);
    expect(await credits(stage)).toEqual({ used: 0, reserved: 0 });
  });
});

describe('R54 a text tells what was done', () => {
  test('R54 of a step that stands twice before it the worse counts; one after it is pending', async () => {
    const stage = await rig.stage();
    const segment = await stage.segment();
    const status = 'added {{ steps.add-to-segment.status }}, texts {{ steps.send-text.status }}';
    await stage.flow({ keywords: ['PRESAVE'], steps: [status, segment, segment, status] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const got = await stage.got(phone);
    expect(got[0]).toContain('added pending, texts pending');
    expect(got[1]).toContain('added done, texts done');
  });

  test('adding the same fan twice in one commit: one is done, one was already', async () => {
    const stage = await rig.stage();
    const segment = await stage.segment();
    await stage.flow({ keywords: ['ONE'], steps: [segment] });
    await stage.flow({ keywords: ['TWO'], steps: [segment] });
    const phone = newPhone();
    await Promise.all([stage.byApi(phone, 'one'), stage.byApi(phone, 'two')]);
    expect((await stage.outcomes()).toSorted()).toEqual(['1 done', '1 done: already']);
  });
});
