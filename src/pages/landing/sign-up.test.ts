import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { transaction } from '#db/database.ts';
import { changeStoredPage, createStoredPage } from '#landing-pages/change-pages.ts';
import { pageParts } from '#landing-pages/content.ts';
import { createProjectFacts } from '#accounts/project-facts.ts';
import { createEmailSenders } from '#messages/email/email-senders.ts';
import { loadNumberPlaces } from '#messages/quiet-hours/zones.ts';
import { cleanName } from '#messages/sign-up/clean-name.ts';
import { networkOf } from '#messages/sign-up/limits.ts';
import { pruneSignUps } from '#messages/sign-up/prune.ts';
import { createSignUps } from '#messages/sign-up/sign-up.ts';
import { createLog } from '#lib/log.ts';
import { addEmail } from '../../../test/email-rig.ts';
import { createMessagingRig, day, newPhone, sealer, type StageOptions } from '../../../test/messaging-rig.ts';
import { createPages } from '../pages.ts';

const rig = await createMessagingRig();
const locate = await loadNumberPlaces();
let slugs = 0;

/** A published page over the messaging rig, as a browser that follows nothing by itself would use it. */
async function open(options: StageOptions = {}, { mails = false } = {}) {
  const stage = await rig.stage({ countries: ['US', 'DE', 'GB'], ...options });
  const email = mails ? await addEmail(rig, stage) : null;
  const { db, clocks, connections, accept, url } = rig.first;
  let wallMs = Date.now();
  let network: string | null = '203.0.113.7';
  const deps = { db, sealer, connections, clocks, locate, accept, publicUrl: () => url, shortUrl: () => url };
  const app = createPages({
    ...deps,
    streaming: { grantAccess: () => Promise.reject(new Error('no streaming here')) } as never,
    wall: { now: () => new Date(wallMs) },
    log: createLog({ level: 'silent' }),
    signUps: createSignUps({
      ...deps,
      projects: createProjectFacts(db),
      emailSenders: createEmailSenders(db),
    }),
    keywordsOf: () => Promise.resolve(['presave']),
    clientAddress: () => network,
  });
  const slug = `sign-up-${++slugs}`;
  const content = { releaseId: null, artistId: null, title: 'Join', text: '', parts: [...pageParts] };
  const made = await createStoredPage(
    db,
    stage.projectId,
    { ...content, palette: 'plain', slug },
    stage.now(),
  );
  const change = { version: 1, isPublished: true };
  await transaction(db, (tx) => changeStoredPage(tx, stage.projectId, made.id, change, stage.now()));
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await app.request(path, init);
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      text: await response.text(),
    };
  };
  const path = `/p/${slug}`;
  const show = (language = 'en-US') => call(path, { headers: { 'accept-language': language } });
  return {
    ...stage,
    email,
    path,
    show,
    call,
    from: (address: string | null) => (network = address),
    waits: (ms: number) => (wallMs += ms),
    /** As it stands in the form, filled in by somebody who read it. */
    async send(
      channel: 'sms' | 'email',
      typed: Record<string, string>,
      headers: Record<string, string> = {},
    ) {
      const { text } = await show(headers['accept-language']);
      const form = new RegExp(`<form method="post" action="${path}/${channel}">[^]*?</form>`).exec(text)?.[0];
      const hidden = (name: string) =>
        new RegExp(`name="${name}" value="([^"]*)"`).exec(form ?? '')?.[1] ?? '';
      const fields = {
        version: hidden('version'),
        stamp: hidden('stamp'),
        lang: hidden('lang'),
        agree: 'yes',
      };
      wallMs += 5_000;
      const body = new URLSearchParams({ ...fields, ...typed });
      const answer = await call(`${path}/${channel}`, { method: 'POST', body, headers });
      await stage.settled();
      return answer;
    },
    async rows() {
      const { rows } = await sql<{ fans: number; consents: number }>`
        select (select count(*)::int from fan where project_id = ${stage.projectId}) as fans,
               (select count(*)::int from consent where project_id = ${stage.projectId}) as consents`.execute(
        db,
      );
      return rows[0];
    },
    optedIns: async () => (await stage.events()).filter(({ type }) => type.endsWith('.opted_in')).length,
  };
}

describe('R37 R38 R97 a number typed into a form', () => {
  test('US: the ticked box is the consent, kept with its words and where it stood; the flow carries the confirmation', async () => {
    const page = await open();
    await page.flow({
      keywords: ['x'],
      trigger: { trigger: 'sms-sign-up', config: {} },
      steps: ['welcome aboard'],
    });
    const phone = newPhone();
    const sent = await page.send('sms', { phone, zone: 'America/Denver' }, { 'user-agent': 'Phone/1' });
    expect([sent.status, sent.location]).toEqual([303, `${page.path}/done?how=text&lang=en`]);
    expect(await page.consents(phone)).toEqual(['web live']);
    expect(await page.optedIns()).toBe(1);
    const got = await page.got(phone);
    expect(got).toEqual([expect.stringMatching(/^Luna Vale: welcome aboard You joined: max 6 msgs\/mo/)]);
    const { rows } = await sql<{ text: string; source: Record<string, unknown> }>`
      select text, source from consent where project_id = ${page.projectId}`.execute(rig.db);
    expect(rows[0]?.text).toMatch(
      /^Yes, send me recurring automated marketing texts from Luna Vale \(sent by Luna LLC\) at the number I entered, at most 6/,
    );
    expect((await page.show()).text).toContain(rows[0]?.text.slice(0, 120));
    expect(rows[0]?.source).toMatchObject({
      pageUrl: expect.stringContaining(page.path) as string,
      networkAddress: '203.0.113.7',
      userAgent: 'Phone/1',
      zone: 'America/Denver',
      language: 'en',
    });
    expect((await page.call(sent.location)).text).toContain('Answer STOP');
  });

  test('elsewhere it waits for a yes by text: one request, no name in it, deleted after seven days', async () => {
    const page = await open({ number: '+4915510001001' });
    const phone = '+4915123456701';
    const sent = await page.send(
      'sms',
      { phone: '01512 3456701', country: 'DE', name: 'Buy now' },
      { 'accept-language': 'de' },
    );
    expect(sent.location).toContain('how=yes&lang=de');
    await page.send('sms', { phone });
    expect(await page.got(phone)).toEqual([expect.stringMatching(/^Luna Vale: antworte JA/)]);
    expect(await page.optedIns()).toBe(0);
    await page.text(phone, 'Ja');
    expect(await page.optedIns()).toBe(1);
    expect(await page.got(phone)).toHaveLength(2);
    const other = '+4915123456702';
    await page.send('sms', { phone: other });
    await page.advance(6 * day);
    await pruneSignUps(rig.db, rig.first.clocks);
    expect((await page.rows())?.consents).toBe(2);
    await page.advance(2 * day);
    await pruneSignUps(rig.db, rig.first.clocks);
    expect(await page.rows()).toEqual({ fans: 1, consents: 1 });
  });

  test('R42 a stranger’s form brings nobody back who said STOP; her own START does. The answer tells nothing', async () => {
    const page = await open({ optOutHandling: 'segue' });
    const [gone, known, fresh] = [newPhone(), newPhone(), newPhone()];
    await page.text(gone, 'stop');
    const before = (await page.got(gone)).length;
    const first = await page.send('sms', { phone: known });
    const answers = [await page.send('sms', { phone: gone }), await page.send('sms', { phone: known })];
    answers.push(await page.send('sms', { phone: fresh }));
    for (const answer of answers) expect(answer).toEqual(first);
    await page.advance(60_000);
    await page.settled();
    expect(await page.got(gone)).toHaveLength(before);
    expect(await page.isOptedOut(gone)).toBe(true);
    expect(await page.got(known)).toHaveLength(1);
    expect((await page.call(first.location)).text).toContain('Text START');
    await page.text(gone, 'start');
    expect(await page.isOptedOut(gone)).toBe(false);
    expect(await page.consents(gone)).toEqual(['web live']);
  });

  test('an unticked box, other words, wrong numbers and countries that are off are refused, and nothing is kept', async () => {
    const page = await open({ countries: ['US'] });
    const refused = [
      [{ phone: newPhone(), agree: '' }, 422, 'The box is not ticked'],
      [{ phone: newPhone(), version: 'old' }, 422, 'The words have changed'],
      [{ phone: '12' }, 422, 'This number cannot be reached'],
      [{ phone: '+1 900 555 0123' }, 422, 'This number cannot be reached'],
      [{ phone: '+33612345678' }, 422, 'No texts to this country yet'],
      [{ phone: newPhone(), leave: 'spam' }, 422, 'Please send it once more'],
      [{ phone: newPhone(), stamp: 'x.y.z' }, 422, 'Please send it once more'],
    ] as const;
    for (const [typed, status, words] of refused) {
      const answer = await page.send('sms', typed);
      expect([typed, answer.status]).toEqual([typed, status]);
      expect(answer.text).toContain(words);
      expect(answer.text).toContain(`value="${typed.phone}"`);
    }
    expect(await page.rows()).toEqual({ fans: 0, consents: 0 });
    const nothing = await page.call(`${page.path}/sms`, { method: 'POST', body: 'x'.repeat(20_000) });
    expect(nothing.status).toBe(422);
  });

  test('a plain form can be pasted elsewhere, and one script frames a page there', async () => {
    const page = await open();
    const code = (await page.call(`${page.path}/form.txt`)).text;
    expect(code).toMatch(/<form method="post" action="http[^"]+\/sms">/);
    expect(code).toContain('name="agree" value="yes" required');
    expect((await page.call('/embed.js')).text).toContain("'/p/' + encodeURIComponent(me.dataset.page)");
    const framed = await page.call(`${page.path}?embed=1`);
    expect(framed.text).toContain(`action="${page.path}/sms?embed=1"`);
  });

  test('the same form twice is one sign-up, and a form from another site needs its leave', async () => {
    const page = await open();
    const phone = newPhone();
    const { text } = await page.show();
    const stamp = /name="stamp" value="([^"]+)"/.exec(text)?.[1] ?? '';
    page.waits(3_000);
    await Promise.all([1, 2, 3].map(() => page.send('sms', { phone, stamp })));
    expect((await page.events()).filter(({ type }) => type === 'sms.signed_up')).toHaveLength(1);
    const foreign = { origin: 'https://evil.example' };
    expect((await page.send('sms', { phone: newPhone() }, foreign)).status).toBe(403);
    await sql`update project set embed_origins = '{https://luna.example}' where id = ${page.projectId}`.execute(
      rig.db,
    );
    await expect
      .poll(
        async () =>
          (await page.send('sms', { phone: newPhone(), stamp: '' }, { origin: 'https://luna.example' }))
            .status,
        { timeout: 4_000, interval: 300 },
      )
      .toBe(303);
  });
});

describe('R108 pumping', () => {
  test('three a day to a number, twenty an hour from a network, at any number at once; then the keyword is offered', async () => {
    const page = await open();
    const phone = newPhone();
    const own = async () => (await page.send('sms', { phone })).status;
    expect([await own(), await own(), await own(), await own()]).toEqual([303, 303, 303, 429]);
    page.from('198.51.100.1');
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => page.send('sms', { phone: newPhone() })),
    );
    const taken = answers.filter(({ status }) => status === 303).length;
    expect(taken).toBeLessThanOrEqual(20);
    expect((await page.rows())?.fans).toBe(taken + 1);
    // Of many at once some too many may be refused; one after the other it is exactly twenty.
    let refused = await page.send('sms', { phone: newPhone() });
    for (let more = taken + 1; refused.status === 303 && more <= 20; more++)
      refused = await page.send('sms', { phone: newPhone() });
    expect(refused.status).toBe(429);
    expect(refused.text).toContain(`Text PRESAVE to ${page.number} instead`);
    page.from('192.0.2.99');
    expect((await page.send('sms', { phone: newPhone() })).status).toBe(303);
  });

  test('a network is what one can have many addresses of', () => {
    expect(networkOf('203.0.113.7')).toBe(networkOf('::ffff:203.0.113.250'));
    expect(networkOf('203.0.114.7')).not.toBe(networkOf('203.0.113.7'));
    expect(networkOf('2001:db8:1:2::3')).toBe(networkOf('2001:0db8:0001:ffff::1'));
    expect(networkOf('2001:db8:2::3')).not.toBe(networkOf('2001:db8:1::3'));
    expect(networkOf('::1')).toBe(networkOf('::2'));
  });
});

describe('R97 R128 an e-mail address typed into a form', () => {
  test('gets one mail that holds nothing typed; its button, and no look at it, is the yes', async () => {
    const page = await open({}, { mails: true });
    const address = `ana+${++slugs}@fans.example`;
    const sent = await page.send('email', {
      email: ` ${address.toUpperCase()} `,
      name: 'Ana www.spam.example @x',
    });
    expect(sent.location).toContain('how=mail');
    await page.send('email', { email: address });
    const mails = (await page.email?.mails(address)) ?? [];
    expect(mails).toHaveLength(1);
    const html = JSON.stringify(mails[0]);
    expect(html).not.toContain('Ana');
    expect(html).not.toContain('you agreed to mails');
    const path = /\/confirm\/[\w-]+/.exec(html)?.[0] ?? '';
    const asked = await page.call(path);
    expect([asked.status, asked.text]).toEqual([200, expect.stringContaining('a…@fans.example')]);
    expect(await page.optedIns()).toBe(0);
    for (const tap of [1, 2])
      expect([tap, (await page.call(path, { method: 'POST' })).status]).toEqual([tap, 200]);
    expect(await page.optedIns()).toBe(1);
    const { rows } = await sql<{ name: string; method: string; is_active: boolean }>`
      select f.name, c.method, c.active_at is not null as is_active from consent c
        join fan f on f.project_id = c.project_id and f.id = c.fan_id
       where c.address = ${address}`.execute(rig.db);
    expect(rows).toEqual([{ name: 'Ana', method: 'web', is_active: true }]);
    expect((await page.call(`${path.slice(0, -2)}AA`)).status).toBe(404);
    await sql`update consent set revoked_at = now() where address = ${address}`.execute(rig.db);
    expect((await page.call(path)).status).toBe(410);
  });

  test('names lose what would make an advertisement of them', () => {
    const names = [
      'Ana',
      'https://x.example Ana',
      '@ana',
      'Ana spam.example/x',
      '\u202eAna\0',
      ' José  Luis ',
      '🎵 Ana',
    ];
    expect(names.map(cleanName)).toEqual(['Ana', 'Ana', null, 'Ana', 'Ana', 'José Luis', '🎵 Ana']);
    expect(cleanName('x'.repeat(300))).toHaveLength(60);
  });
});
