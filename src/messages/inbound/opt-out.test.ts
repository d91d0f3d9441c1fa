import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { setSending } from '#kill-switch/kill-switch.ts';
import { newId } from '#lib/ids.ts';
import { createMessagingRig, day, hour, minute, newPhone, type Stage } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();
/** A second process over the same database. */
const second = await rig.startProcess();

const stopWords = /unsubscribed/;

async function joined(options: Parameters<typeof rig.stage>[0] = {}) {
  const stage = await rig.stage(options);
  await stage.flow({ keywords: ['PRESAVE'] });
  const phone = newPhone();
  await stage.text(phone, 'presave');
  expect(await stage.consents(phone)).toEqual(['keyword live']);
  return { stage, phone };
}

const confirmations = async (stage: Stage, phone: string) =>
  (await stage.got(phone)).filter((text) => stopWords.test(text));

describe('R40 an opt-out is confirmed exactly once', () => {
  test.each(['provider', 'segue'] as const)('R40 STOP, answered by the %s', async (optOutHandling) => {
    const { stage, phone } = await joined({ optOutHandling });
    await stage.text(phone, 'STOP');
    await stage.text(phone, 'stop');
    expect(await confirmations(stage, phone)).toHaveLength(1);
    expect(await stage.consents(phone)).toEqual(['keyword ended by STOP']);
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.isBlocked(phone)).toBe(optOutHandling === 'provider');
  });

  test.each(['Stop please!', 'désabonner', 'opt out', 'arret'])(
    'R40 R41 %j: a word that the provider does not know is ours to answer',
    async (word) => {
      const { stage, phone } = await joined();
      await stage.text(phone, word);
      expect(await stage.isOptedOut(phone)).toBe(true);
      expect(await stage.isBlocked(phone)).toBe(false);
      expect(await confirmations(stage, phone)).toHaveLength(1);
    },
  );

  test('R40 a fan who only ever got replies is confirmed once, too', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.text(phone, 'stop');
    await stage.text(phone, 'stop');
    expect(await confirmations(stage, phone)).toHaveLength(1);
  });

  test('R108 the confirmation of a living consent always goes; others count as answers', async () => {
    const { stage, phone } = await joined({ optOutHandling: 'segue', at: '09:00' });
    for (let at = 0; at < 8; at++) {
      await stage.text(phone, 'stop');
      await stage.text(phone, 'start');
    }
    await stage.text(phone, 'stop');
    expect(await confirmations(stage, phone)).toHaveLength(9);
    expect(await stage.got(phone)).toHaveLength(1 + 9 + 5);
  });

  test('R38 opt-in, STOP and START in one commit are all kept', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], reentry: { policy: 'always' } });
    const phone = newPhone();
    await Promise.all(
      ['presave', 'stop', 'start', 'stop', 'presave'].map((body) =>
        stage.fake.receiveText({ from: phone, to: stage.number, body }),
      ),
    );
    await stage.settled();
    expect((await stage.consents(phone)).toSorted()).toEqual(
      ['keyword ended by stop', 'restart ended by stop', 'keyword live'].toSorted(),
    );
    expect(await stage.isOptedOut(phone)).toBe(false);
  });
});

describe('R42 R18 what restores consent', () => {
  test('R18 START restores the last consent and is confirmed', async () => {
    const { stage, phone } = await joined({ optOutHandling: 'segue' });
    await stage.text(phone, 'stop');
    await stage.text(phone, 'Start');
    expect(await stage.consents(phone)).toEqual(['keyword ended by stop', 'restart live']);
    expect(await stage.isOptedOut(phone)).toBe(false);
    expect((await stage.got(phone)).at(-1)).toContain("you're back");
    expect(await stage.runs()).toHaveLength(1);
  });

  test('R42 START of a fan who never consented takes the opt-out back and gives no consent', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    const phone = newPhone();
    await stage.text(phone, 'stop');
    await stage.text(phone, 'start');
    expect(await stage.isOptedOut(phone)).toBe(false);
    expect(await stage.consents(phone)).toEqual([]);
    await stage.text(phone, 'presave');
    expect((await stage.got(phone)).at(-1)).toContain('you are in');
  });

  test('R42 a claim by API does not restore what the fan withdrew', async () => {
    const { stage, phone } = await joined({ optOutHandling: 'segue' });
    await stage.text(phone, 'stop');
    const consent = {
      text: 'said so',
      version: 'v1',
      obtainedAt: stage.now().toISOString(),
      method: 'paper',
      sourceUrl: 'https://x.example',
      claimedBy: 'key:1',
    };
    await stage.byApi(phone, 'presave', consent);
    expect(await stage.consents(phone)).toEqual(['keyword ended by stop']);
    expect(await stage.isOptedOut(phone)).toBe(true);
  });

  test('R45 a STOP in one project does not touch another on another number', async () => {
    const phone = newPhone();
    const [one, other] = [await rig.stage(), await rig.stage()];
    for (const stage of [one, other]) {
      await stage.flow({ keywords: ['PRESAVE'] });
      await stage.text(phone, 'presave');
    }
    await one.text(phone, 'stop');
    expect(await one.isOptedOut(phone)).toBe(true);
    expect(await other.isOptedOut(phone)).toBe(false);
    expect(await other.consents(phone)).toEqual(['keyword live']);
  });
});

describe('R41 doubt holds', () => {
  const doubt = 'please do not text me any more';

  test('R41 a sentence that may mean STOP holds all texts; a keyword releases them', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, doubt);
    expect(await stage.inbox()).toEqual([`doubt: ${doubt}`]);
    expect(await stage.isHeld(phone)).toBe(true);
    expect(await stage.isOptedOut(phone)).toBe(false);
    await api(stage, phone);
    expect((await stage.outcomes()).at(-1)).toBe('1 held: opt_out_doubt');
    await stage.advance(2 * minute);
    await stage.text(phone, 'presave');
    expect(await stage.isHeld(phone)).toBe(false);
    expect((await stage.outcomes()).filter((line) => line.includes('held'))).toEqual([]);
  });

  test('R41 a keyword inside such a sentence does not make it a wish for more', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, 'presave texts: stop sending me these');
    expect(await stage.isHeld(phone)).toBe(true);
    expect(await stage.runs()).toHaveLength(1);
  });

  test('R41 START releases, also a fan who never consented', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    const phone = newPhone();
    await stage.text(phone, doubt);
    expect(await stage.isHeld(phone)).toBe(true);
    await stage.text(phone, 'START');
    expect(await stage.isHeld(phone)).toBe(false);
  });

  test('R41 R47 what the doubt held too long is stale', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, doubt);
    await api(stage, phone);
    await stage.advance(37 * hour);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: stale');
  });

  test('R41 a sentence that merely contains a word does neither', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, "can't stop listening to this");
    expect(await stage.isHeld(phone)).toBe(false);
    expect(await stage.isOptedOut(phone)).toBe(false);
  });
});

describe('R44 a text queued when STOP arrives is not sent', () => {
  test('R44 held over night', async () => {
    const { stage, phone } = await joined({ at: '14:00' });
    await stage.goTo('23:00');
    await api(stage, phone);
    expect((await stage.outcomes()).at(-1)).toBe('1 held: quiet_hours');
    await stage.text(phone, 'stop');
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: opted_out');
  });

  test('R44 two processes, many fans: no text leaves after the STOP was acknowledged', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], steps: ['one', 'two', 'three', 'four'] });
    const doors = [stage.inboundUrl, stage.inboundUrl.replace(rig.first.url, second.url)];
    const stoppedAt = new Map<string, number>();
    const phones = Array.from({ length: 25 }, newPhone);
    await Promise.all(
      phones.map(async (phone, at) => {
        await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
        await new Promise((resolve) => setTimeout(resolve, (at * 7) % 50));
        const fields = { MessageSid: `SM${at}`, From: phone, To: stage.number, Body: 'stop', NumMedia: '0' };
        const url = doors[at % 2] ?? '';
        const { status } = await stage.call(fields, { url });
        expect(status).toBe(200);
        // Not earlier than what was already on its way.
        stoppedAt.set(phone, (await stage.fake.texts({ number: phone, direction: 'in' })).length);
      }),
    );
    await stage.settled();
    for (const phone of phones) {
      const got = await stage.got(phone);
      // A call that was under way when the STOP came in may still arrive: one at most.
      const late = got.slice(stoppedAt.get(phone)).filter((text) => !stopWords.test(text));
      expect(late.length).toBeLessThanOrEqual(1);
      expect(got.filter((text) => stopWords.test(text))).toHaveLength(1);
    }
  });
});

describe('R43 HELP', () => {
  test('R43 R120 the provider answers, or we do, with the way to her own page', async () => {
    const provider = await rig.stage();
    const phone = newPhone();
    await provider.text(phone, 'HELP');
    expect(await provider.got(phone)).toEqual([expect.not.stringContaining('Luna Vale')]);
    const ours = await rig.stage({ optOutHandling: 'segue' });
    await ours.text(phone, 'Help!');
    expect(await ours.got(phone)).toEqual([
      expect.stringMatching(/^Luna Vale: .*luna\.example.*\/s\/\w{10} .*STOP/),
    ]);
    await provider.text(phone, 'Help!');
    expect(await provider.got(phone)).toHaveLength(2);
  });
});

describe('R98 the block of the provider', () => {
  test('R98 a new opt-in while blocked: consented and blocked, the text waits 24 h for START', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, 'STOP');
    await stage.advance(day);
    await stage.text(phone, 'presave');
    expect(await stage.consents(phone)).toEqual(['keyword ended by STOP', 'keyword live']);
    expect(await stage.isBlocked(phone)).toBe(true);
    expect((await stage.outcomes()).at(-1)).toBe('1 deferred: provider_block');
    const before = (await stage.got(phone)).length;
    await stage.text(phone, 'START');
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
    // The provider's confirmation of START, and the text.
    expect((await stage.got(phone)).slice(before)).toHaveLength(2);
  });

  test('R98 without START it is skipped after 24 h', async () => {
    const { stage, phone } = await joined();
    await stage.text(phone, 'STOP');
    await stage.advance(2 * minute);
    await stage.text(phone, 'presave');
    await stage.advance(day + minute);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: provider_block');
  });

  test('R98 a refusal at sending teaches the block and defers', async () => {
    const stage = await rig.stage();
    const phone = newPhone();
    await stage.text(phone, 'STOP');
    await sql`delete from block where project_id = ${stage.projectId}`.execute(rig.db);
    await stage.flow({ keywords: ['PRESAVE'] });
    await stage.text(phone, 'presave');
    expect(await stage.isBlocked(phone)).toBe(true);
    expect(await stage.outcomes()).toEqual(['1 deferred: provider_block']);
    expect(await stage.consents(phone)).toEqual(['keyword live']);
    await stage.text(phone, 'START');
    expect(await stage.outcomes()).toEqual(['1 done']);
    // It carries the disclosures: the refused attempt did not.
    expect((await stage.got(phone)).at(-1)).toContain('You joined');
  });

  test('R98 a STOP of ours to a blocked pair is tried once, not for ever', async () => {
    const { stage, phone } = await joined();
    await stage.fake.setNumber({ ...stage.ownNumber, inboundUrl: null });
    await stage.text(phone, 'STOP');
    await stage.fake.setNumber(stage.ownNumber);
    const before = stage.fake.calls().length;
    await stage.text(phone, 'stop please');
    expect(
      stage.fake
        .calls()
        .slice(before)
        .filter((call) => call.status === 400),
    ).toHaveLength(1);
  });

  test('R98 a keyword entered as opt-in word at the provider lifts its block', async () => {
    const { stage, phone } = await joined({ advancedOptOut: true, optInWords: ['PRESAVE'] });
    await stage.text(phone, 'STOP');
    await stage.advance(2 * minute);
    await stage.text(phone, 'PRESAVE');
    expect(await stage.isBlocked(phone)).toBe(false);
    expect((await stage.outcomes()).at(-1)).toBe('1 done');
    expect((await stage.consents(phone)).at(-1)).toBe('keyword live');
  });
});

describe('R112 what works when everything is stopped', () => {
  test('R112 under the kill switch STOP, HELP and START are answered and nothing else is', async () => {
    const { stage, phone } = await joined({ optOutHandling: 'segue' });
    await setSending(rig.db, stage.projectId, { isStopped: true, actor: 'test' });
    await stage.advance(2 * day);
    await stage.text(phone, 'presave');
    await stage.text(newPhone(), 'hello');
    expect((await stage.outcomes()).at(-1)).toBe('1 held: sending_stopped');
    const other = newPhone();
    for (const word of ['help', 'stop', 'start']) await stage.text(other, word);
    expect(await stage.got(other)).toHaveLength(3);
    expect(await stage.got(phone)).toHaveLength(1);
    await stage.advance(37 * hour);
    await stage.settled();
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: stale');
  });
});

describe('R117 a number lent to several projects', () => {
  test('R117 a keyword decides, by the best match over all of them', async () => {
    const stage = await rig.stage({ projects: 2 });
    const [a = '', b = ''] = stage.projectIds;
    await stage.flow({ keywords: ['PRESALE'] }, a);
    await stage.flow({ keywords: ['PRESAVE'] }, b);
    await stage.text(newPhone(), 'presave');
    expect(await stage.runs(a)).toEqual([]);
    expect(await stage.runs(b)).toHaveLength(1);
  });

  test('R117 what matches nothing goes to the project that wrote to the fan last', async () => {
    const stage = await rig.stage({ projects: 2 });
    const [a = '', b = ''] = stage.projectIds;
    await stage.flow({ keywords: ['TOUR'] }, a);
    await stage.flow({ keywords: ['PRESAVE'] }, b);
    const phone = newPhone();
    await stage.text(phone, 'hello');
    expect(await stage.inbox(a)).toEqual(['unmatched: hello']);
    await stage.text(phone, 'presave');
    await stage.text(phone, 'that was nice of you');
    expect(await stage.inbox(b)).toEqual(['unmatched: that was nice of you']);
  });

  test('R117 STOP stops every project on it, is confirmed once and says so; START likewise', async () => {
    const stage = await rig.stage({ projects: 3, optOutHandling: 'segue' });
    const [a = '', b = '', c = ''] = stage.projectIds;
    await stage.flow({ keywords: ['TOUR'] }, a);
    await stage.flow({ keywords: ['PRESAVE'] }, b);
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.text(phone, 'stop');
    for (const project of [a, b, c]) expect(await stage.isOptedOut(phone, project)).toBe(true);
    const got = await confirmations(stage, phone);
    expect(got).toEqual([expect.stringContaining('Artist 2')]);
    expect(got[0]).toContain('anyone on this number');
    await stage.text(phone, 'start');
    for (const project of [a, b, c]) expect(await stage.isOptedOut(phone, project)).toBe(false);
    expect(await stage.got(phone)).toHaveLength(3);
    expect(await stage.consents(phone, b)).toEqual(['keyword ended by stop', 'restart live']);
    expect(await stage.consents(phone, a)).toEqual([]);
  });
});

describe('R118 R45 a STOP beyond the number it came to', () => {
  /** Two projects of one account, the second without the number, with a living consent of the phone. */
  async function sisters(scope: string, legalSender: string) {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'consent' });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const sister = newId();
    await sql`update account set opt_out_scope = ${scope} where id = ${stage.accountId}`.execute(rig.db);
    await sql`insert into project (id, account_id, name, slug, is_live, programme, legal_sender, zone)
              values (${sister}, ${stage.accountId}, 'Sister', ${sister}, false, 'Sister', ${legalSender}, 'UTC')`.execute(
      rig.db,
    );
    const fanId = newId();
    await sql`insert into fan (project_id, id, created_at) values (${sister}, ${fanId}, now())`.execute(
      rig.db,
    );
    await sql`insert into address (project_id, fan_id, channel, value, created_at)
              values (${sister}, ${fanId}, 'sms', ${phone}, now())`.execute(rig.db);
    return { stage, phone, sister };
  }

  test.each([
    ['number', 'Luna LLC', false],
    ['sender', ' luna llc', true],
    ['sender', 'Another LLC', false],
    ['account', 'Another LLC', true],
  ])('where the account says %s, of “%s”: %s', async (scope, legalSender, expected) => {
    const { stage, phone, sister } = await sisters(scope, legalSender);
    await stage.text(phone, 'stop');
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.isOptedOut(phone, sister)).toBe(expected);
    // Consent never spreads: START brings back what is on the number.
    await stage.text(phone, 'start');
    expect(await stage.isOptedOut(phone)).toBe(false);
    expect(await stage.isOptedOut(phone, sister)).toBe(expected);
  });

  test('it counts where the number is known, and makes nobody known', async () => {
    const { stage, sister } = await sisters('account', 'Luna LLC');
    const stranger = newPhone();
    await stage.text(stranger, 'stop');
    const { rows } = await sql`
      select 1 from address where project_id = ${sister} and value = ${stranger}`.execute(rig.db);
    expect(rows).toEqual([]);
  });
});

/** A marketing text without the basis of a reply. */
async function api(stage: Stage, phone: string) {
  await stage.advance(2 * minute);
  await stage.byApi(phone, 'presave');
}

test('R44 START then STOP: no welcome leaves after the STOP, even if it was due before', async () => {
  const stage = await rig.stage({ optOutHandling: 'segue' });
  const phone = newPhone();
  await stage.flow({ keywords: ['JOIN'], mode: 'consent' });
  await stage.text(phone, 'join');
  await stage.text(phone, 'stop');
  await stage.settled();
  const before = (await stage.got(phone)).length;
  // The carrier does not answer for a while: the welcome waits and is looked at again.
  stage.fake.setFault({ mode: 'error' });
  await stage.text(phone, 'start');
  await stage.text(phone, 'stop');
  stage.fake.setFault({ mode: 'ok' });
  await stage.advance(minute);
  await stage.settled();
  const after = (await stage.got(phone)).slice(before);
  expect(after.filter((text) => /back/i.test(text) && !/START/.test(text))).toEqual([]);
  expect(await stage.isOptedOut(phone)).toBe(true);
});
