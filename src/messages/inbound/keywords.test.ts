import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { addItems } from '#engine/add-items.ts';
import { cancelItems } from '#engine/cancel.ts';
import { activateFlow } from '#flows/activate-flow.ts';
import { pauseFlow } from '#flows/pause-flow.ts';
import { createMessagingRig, day, minute, newPhone } from '../../../test/messaging-rig.ts';

const rig = await createMessagingRig();

describe('R16 R17 R20 a keyword starts one flow', () => {
  test.each(['presave', '  “Pre-Save!” pls', 'PRE SAVE', '🎉presave🎉', 'presave for me and you'])(
    'R16 %j',
    async (body) => {
      const stage = await rig.stage();
      await stage.flow({ keywords: ['PRESAVE'] });
      const phone = newPhone();
      await stage.text(phone, body);
      expect(await stage.outcomes()).toEqual(['1 done']);
      expect(await stage.inbox()).toEqual([]);
    },
  );

  test('R20 of two flows that both match one starts, the longer keyword', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['TOUR'], steps: ['tour'] });
    const longer = await stage.flow({ keywords: ['TOUR DATES'], steps: ['dates'] });
    await stage.text(newPhone(), 'tour dates please');
    expect((await stage.runs()).map((run) => run.flow_id)).toEqual([longer.flowId]);
  });

  test('A2 R16 a flow that names no connection listens on every number of the project', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], namesConnection: false });
    await stage.text(newPhone(), 'presave');
    expect(await stage.outcomes()).toEqual(['1 done']);
  });

  test('R23 the same text delivered again, and in every order, starts nothing new', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], reentry: { policy: 'always' } });
    stage.fake.setNetwork({ duplicates: true });
    const phone = newPhone();
    const id = 'text-1';
    await Promise.all([stage.text(phone, 'presave', { id }), stage.text(phone, 'presave', { id })]);
    await stage.text(phone, 'presave', { id });
    expect(await stage.runs()).toHaveLength(1);
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('a known fan who is connected and consented costs no consent row and no lock of the fan', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const xmin = () =>
      sql<{ xmin: string; xmax: string }>`
      select f.xmin::text, f.xmax::text from fan f where f.id = ${fanId}`.execute(rig.db);
    const fanId = await stage.fanOf(phone);
    const before = (await xmin()).rows;
    await stage.advance(2 * minute);
    await stage.text(phone, 'presave');
    expect((await xmin()).rows).toEqual(before);
    expect(await stage.consents(phone)).toEqual(['keyword live']);
  });
});

describe('A4 R29 R30 texting a keyword again', () => {
  test('R29 within 60 s: one run, one text', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await stage.advance(59_000);
    await stage.text(phone, 'presave');
    expect(await stage.got(phone)).toHaveLength(1);
    expect((await stage.events()).at(-1)?.ignored).toEqual(['cooldown']);
  });

  test('R29 ten at once: one run, one text', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await Promise.all(
      Array.from({ length: 10 }, () =>
        stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' }),
      ),
    );
    await stage.settled();
    expect(await stage.runs()).toHaveLength(1);
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R29 after that the short answer, three times a day', async () => {
    const stage = await rig.stage({ at: '09:30' });
    await stage.flow({
      keywords: ['PRESAVE'],
      mode: 'reply',
      steps: ["{% if run.again %}you're on the list{% else %}welcome{% endif %}"],
    });
    const phone = newPhone();
    const answers = async () => {
      for (let at = 0; at < 5; at++) {
        await stage.text(phone, 'presave');
        await stage.advance(2 * minute);
      }
      return (await stage.got(phone)).map((text) => (text.includes('on the list') ? 'again' : 'first'));
    };
    expect(await answers()).toEqual(['first', 'again', 'again', 'again']);
    expect((await stage.outcomes()).at(-1)).toBe('1 skipped: cap');
    await stage.advance(day);
    // The next day none of them is the first.
    expect((await answers()).slice(4)).toEqual(['again', 'again', 'again']);
  });

  test('R29 another keyword is answered in full while one is used up', async () => {
    const stage = await rig.stage({ at: '09:30' });
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply', steps: ['presave'] });
    await stage.flow({ keywords: ['TOUR'], mode: 'reply', steps: ['tour'] });
    const phone = newPhone();
    for (let at = 0; at < 5; at++) {
      await stage.text(phone, 'presave');
      await stage.advance(2 * minute);
    }
    await stage.text(phone, 'tour');
    await stage.advance(2 * minute);
    await stage.text(phone, 'tour');
    expect((await stage.got(phone)).filter((text) => text.includes('tour'))).toHaveLength(2);
  });
});

describe('R10 a pause', () => {
  test('R9 R10 what came in during it starts nothing, then or later; what comes after it does', async () => {
    const stage = await rig.stage();
    const { flowId } = await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    const deps = {
      db: rig.db,
      clock: rig.first.clocks,
      engine: { accept: rig.first.accept, addItems, cancelItems, waitForWorkers: () => Promise.resolve() },
      publicUrl: () => 'https://segue.example',
      shortUrl: () => 'https://segue.example',
    };
    await pauseFlow(deps, stage.projectId, flowId, 'hold', { actor: 'system' });
    await stage.text(newPhone(), 'presave');
    await activateFlow(deps, stage.projectId, flowId, { actor: 'system' });
    await stage.settled();
    expect(await stage.runs()).toEqual([]);
    const phone = newPhone();
    await stage.text(phone, 'presave');
    expect(await stage.outcomes()).toEqual(['1 done']);
    expect(await stage.got(phone)).toHaveLength(1);
  });
});

describe('R107 what matches nothing', () => {
  test('R107 a slip of one keyword starts its flow, and the run says how it was read', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    await stage.text(newPhone(), 'Persave');
    expect(await stage.outcomes()).toEqual(['1 done']);
    expect((await stage.events())[0]).toMatchObject({
      type: 'sms.keyword',
      subject: { keyword: 'presave', how: 'near', text: 'Persave' },
    });
  });

  test('R107 up to three words: the inbox, and one answer that names the keywords', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'what is this');
    await stage.text(phone, 'hello');
    expect(await stage.inbox()).toEqual(['unmatched: what is this', 'unmatched: hello']);
    const got = await stage.got(phone);
    expect(got).toHaveLength(1);
    expect(got[0]).toMatch(/^Luna Vale: .*PRESAVE/);
    await stage.advance(day);
    await stage.text(phone, 'hello');
    expect(await stage.got(phone)).toHaveLength(2);
  });

  test('R107 no answer: switched off, four words, a fan with a text today, opted out', async () => {
    const off = await rig.stage({ answersUnmatched: false });
    await off.flow({ keywords: ['PRESAVE'] });
    const silent = newPhone();
    await off.text(silent, 'hello');
    expect(await off.inbox()).toEqual(['unmatched: hello']);
    expect(await off.got(silent)).toEqual([]);

    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const [wordy, served, gone] = [newPhone(), newPhone(), newPhone()];
    await stage.text(wordy, 'I have a question');
    expect(await stage.got(wordy)).toEqual([]);
    await stage.text(served, 'presave');
    await stage.text(served, 'thanks');
    expect(await stage.got(served)).toHaveLength(1);
    await stage.text(gone, 'stop');
    await stage.advance(2 * day);
    await stage.text(gone, 'hello');
    expect(await stage.got(gone)).toHaveLength(1);
  });

  test.each([
    ['a reaction', 'Liked “you are in”', 0],
    ['an automatic answer', "I'm driving with Do Not Disturb on", 0],
    ['a picture without text', '', 1],
    ['nothing', '', 0],
    ['emoji', '🎉🎉', 0],
  ])('R107 %s: the inbox only', async (_name, body, mediaCount) => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, body, { mediaCount });
    expect(await stage.inbox()).toEqual([`unmatched: ${body}`]);
    expect(await stage.got(phone)).toEqual([]);
  });
});

describe('R18 compliance words come before any flow', () => {
  test.each(['STOP', 'HELP', 'START', 'Stop please'])(
    'R18 %s starts no flow, even one whose keyword contains it',
    async (word) => {
      const stage = await rig.stage({ optOutHandling: 'segue' });
      await stage.flow({ keywords: [word.split(' ')[0] ?? ''], match: 'contains' });
      await stage.text(newPhone(), word);
      expect(await stage.runs()).toEqual([]);
    },
  );

  test('R18 START from a number never met: the HELP answer, no consent', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    const phone = newPhone();
    await stage.text(phone, 'START');
    expect(await stage.consents(phone)).toEqual([]);
    expect(await stage.got(phone)).toEqual([expect.stringMatching(/^Luna Vale: .*luna\.example/)]);
  });

  test('R18 a yes-word completes a pending opt-in, is confirmed, and is an ordinary text otherwise', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'yes');
    expect(await stage.inbox()).toEqual(['unmatched: yes']);
    const fanId = await stage.fanOf(phone);
    await sql`
      insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, per_month,
                           granted_at)
      values (${stage.projectId}, ${crypto.randomUUID()}, ${fanId}, 'sms', ${phone}, 'Yes, send me texts', 'v1', 'web',
              '{}', 4, ${stage.now()})`.execute(rig.db);
    await stage.text(phone, 'Yes!');
    expect(await stage.consents(phone)).toEqual(['web live']);
    expect((await stage.got(phone)).at(-1)).toContain('max 4 msgs/mo');
  });
});

describe('R94 the two modes of a keyword', () => {
  test('R94 reply: one text from the number written to, no consent', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply', steps: ['here it is', 'and more'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    expect(await stage.got(phone)).toEqual(['Luna Vale: here it is']);
    expect(await stage.outcomes()).toEqual(['1 done', '2 skipped: no_consent']);
    expect(await stage.consents(phone)).toEqual([]);
  });

  test('R94 reply: a failed attempt is no reply; the next one may go', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    stage.fake.setFault({ mode: 'error', count: 2 });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    await expect.poll(() => stage.outcomes()).toEqual(['1 done']);
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R94 reply: not handed over within five minutes, it does not go', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    stage.fake.setFault({ mode: 'error' });
    const phone = newPhone();
    await stage.fake.receiveText({ from: phone, to: stage.number, body: 'presave' });
    await expect.poll(() => stage.fake.calls().length).toBeGreaterThan(0);
    await stage.advance(6 * minute);
    await expect.poll(() => stage.outcomes(), { timeout: 5_000 }).toEqual(['1 skipped: no_consent']);
    expect(await stage.got(phone)).toEqual([]);
  });

  test('R94 reply: a number that opted out gets nothing, the inbox gets the text', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    const phone = newPhone();
    await stage.text(phone, 'stop');
    await stage.text(phone, 'presave');
    expect(await stage.got(phone)).toHaveLength(1);
    expect(await stage.outcomes()).toEqual(['1 skipped: opted_out']);
    expect(await stage.inbox()).toEqual(['opted_out: presave']);
  });

  test('R94 consent: opted in with the published version; the text carries the disclosures', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], perMonth: 3 });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    expect(await stage.consents(phone)).toEqual(['keyword live']);
    expect(await stage.got(phone)).toEqual([
      'Luna Vale: you are in You joined: max 3 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end',
    ]);
  });

  test('R94 consent acts as reply where the country does not accept a keyword as consent', async () => {
    const stage = await rig.stage({ number: '+4915123456789' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = '+4915112345678';
    await stage.text(phone, 'presave');
    expect(await stage.consents(phone)).toEqual([]);
    expect(await stage.got(phone)).toEqual(['Luna Vale: you are in']);
  });

  test('R94 R42 a text older than the STOP gives no consent, however late it comes in', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    stage.fake.setNetwork({ outage: true });
    await stage.text(phone, 'presave');
    stage.fake.setNetwork({ outage: false });
    await stage.advance(2_000);
    await stage.text(phone, 'stop');
    await rig.first.catchUp(stage.connectionId);
    await stage.settled();
    expect(await stage.isOptedOut(phone)).toBe(true);
    expect(await stage.consents(phone)).toEqual([]);
    expect(await stage.got(phone)).toHaveLength(1);
  });

  test('R96 an event by API is no inbound text: no reply without consent', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'], mode: 'reply' });
    const phone = newPhone();
    const result = await stage.byApi(phone, 'presave');
    expect(result.runs).toHaveLength(1);
    expect(await stage.outcomes()).toEqual(['1 skipped: no_consent']);
    expect(await stage.got(phone)).toEqual([]);
  });
});

describe('R108 a flood', () => {
  test('R108 five automatic answers an hour and twelve a day to one number', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue', at: '09:00' });
    const phone = newPhone();
    for (let at = 0; at < 8; at++) await stage.text(phone, 'help');
    expect(await stage.got(phone)).toHaveLength(5);
    for (let round = 0; round < 3; round++) {
      await stage.advance(61 * minute);
      for (let at = 0; at < 6; at++) await stage.text(phone, 'help');
    }
    expect(await stage.got(phone)).toHaveLength(12);
  });

  test('R108 thousands of texts of one number: few answers, and everyone else is served', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    stage.fake.setCallbacks({ mode: 'off' });
    const [noisy, quiet] = [newPhone(), newPhone()];
    const words = ['help', 'presave', 'hello', 'start', 'what'];
    const flood: Promise<unknown>[] = [];
    for (let at = 0; at < 3_000; at++) {
      const body = words[at % words.length] ?? '';
      flood.push(stage.fake.receiveText({ from: noisy, to: stage.number, body }));
      if (at === 1_500)
        flood.push(stage.fake.receiveText({ from: quiet, to: stage.number, body: 'presave' }));
    }
    await Promise.all(flood);
    await stage.settled();
    // Five answers, one of the flow, and no confirmation beside it.
    expect((await stage.got(noisy)).length).toBeLessThanOrEqual(7);
    expect(await stage.got(quiet)).toHaveLength(1);
    await stage.text(noisy, 'stop');
    expect(await stage.isOptedOut(noisy)).toBe(true);
    expect((await stage.got(noisy)).at(-1)).toContain('unsubscribed');
  }, 60_000);
});

describe('R51 texts of any kind', () => {
  test.each([
    ['1,600 characters', 'x'.repeat(1_600)],
    ['more than that', '🎉'.repeat(1_200)],
    ['a pair of surrogates at every cut', `a${'🎉'.repeat(900)}`],
    ['control characters', 'a\u0001\u0002\u001b[31m\r\n\t'],
    ['NUL', 'a\0b'],
    ['Arabic', 'مرحبا بكم في الحفل'],
    ['half a pair', 'a\ud83d b\udf89'],
    ['a backslash before an escape', 'a\\u0000 \\ud83d'],
  ])('%s: kept, and the webhook says well', async (_name, body) => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const received = await stage.text(newPhone(), body);
    expect(received?.webhookStatus).toBe(200);
    expect(await stage.inbox()).toHaveLength(1);
  });

  test('a keyword or a STOP before emoji that the cut would split', async () => {
    const stage = await rig.stage({ optOutHandling: 'segue' });
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    expect((await stage.text(phone, `presave ${'🎉'.repeat(200)}`))?.webhookStatus).toBe(200);
    expect(await stage.runs()).toHaveLength(1);
    expect((await stage.text(phone, `stop! ${'🎉'.repeat(200)}`))?.webhookStatus).toBe(200);
    expect((await stage.text(phone, `stop${'🎉'.repeat(200)}`))?.webhookStatus).toBe(200);
    expect(await stage.isOptedOut(phone)).toBe(true);
  });

  test('R51 two spellings of one number are one fan', async () => {
    const stage = await rig.stage();
    await stage.flow({ keywords: ['PRESAVE'] });
    const phone = newPhone();
    await stage.text(phone, 'presave');
    const { fanId } = await stage.byApi(phone, 'presave');
    expect(fanId).toBe(await stage.fanOf(phone));
  });
});
