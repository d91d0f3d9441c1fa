import { expect, onTestFinished, test } from 'vitest';
import pg from 'pg';
import { day, hour, phones, startStage, type Stage } from './stage.ts';

interface Answer {
  status: number;
  location: string;
  html: string;
  text: string;
  cookie: string;
}

/** A browser that follows nothing by itself, and keeps one cookie. */
function browse({ url }: Stage) {
  let cookie = '';
  const call = async (path: string, form?: Record<string, string>): Promise<Answer> => {
    const response = await fetch(new URL(path, url), {
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    const set = response.headers.get('set-cookie') ?? '';
    if (set !== '') cookie = set.split(';')[0] ?? '';
    const html = await response.text();
    const text = html
      .replace(/<(style|head)[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ');
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      html,
      text,
      cookie: set,
    };
  };
  return {
    get: (path: string) => call(path),
    post: (path: string, form: Record<string, string> = {}) => call(path, form),
    forget: () => (cookie = ''),
  };
}

const me = (html: string) => /\/me\/[\w-]{64}/.exec(html)?.[0] ?? '';

const linkOf = (text = '') => /https?:\/\/\S+\/s\/\w{10}/.exec(text)?.[0] ?? '';

/** As a fan comes there: a text's link, and the one at the foot of that page. */
async function openFromText(stage: Stage, phone: string) {
  await stage.text(phone, 'presave');
  const link = linkOf((await stage.got(phone)).at(-1));
  const browser = browse(stage);
  const { location } = await browser.get(link);
  const page = me((await browser.get(location)).html);
  expect(page).not.toBe('');
  return { browser, page, link };
}

test('R120 the link shows channel names and switches only; a code sent to her opens the rest, the file and the end', async () => {
  const stage = await startStage();
  const { browser, page } = await openFromText(stage, phones.connected);
  const shown = await browser.get(page);
  expect(shown.text).toContain('For the phone ending 87');
  expect(shown.text).toContain('Midnight Ferry on Spotify');
  for (const hidden of ['5550187', 'ines@', 'Halloran', 'By texting PRESAVE'])
    expect(shown.html).not.toContain(hidden);
  expect((await browser.get(`${page}/data.json`)).status).toBe(303);
  expect((await browser.post(`${page}/erase`, { sure: 'yes' })).status).toBe(303);
  await stage.fan(phones.connected);

  // GET changes nothing, on any of its addresses.
  for (const path of ['/do/all', '/do/stop', '/code', '/open'])
    expect((await browser.get(page + path)).status).toBe(404);

  await stage.fault('twilio', 'ok');
  await browser.post(`${page}/code`, { channel: 'sms' });
  await stage.idle();
  const code = /: (\d{6}) is the code/.exec((await stage.got(phones.connected)).at(-1) ?? '')?.[1] ?? '';
  expect(code).toHaveLength(6);
  const wrong = code === '000000' ? '000001' : '000000';
  expect((await browser.post(`${page}/open`, { code: wrong })).status).toBe(422);
  const opened = await browser.post(`${page}/open`, { code: `${code.slice(0, 3)} ${code.slice(3)}` });
  expect([opened.status, opened.location]).toEqual([303, `${page}?done=opened`]);
  expect(opened.cookie).toContain(`Path=${page}; HttpOnly; SameSite=Lax`);
  const all = await browser.get(page);
  for (const kept of [phones.connected, 'ines@halloran.example', 'Ines Halloran', 'By texting PRESAVE'])
    expect(all.html).toContain(kept);
  const file = await browser.get(`${page}/data.json`);
  expect(JSON.parse(file.html)).toMatchObject({
    fan: { name: 'Ines Halloran' },
    saves: [{ release: 'Midnight Ferry' }],
  });
  // Who has no cookie of it sees no more than before, and no code opens twice.
  browser.forget();
  expect((await browser.get(page)).html).not.toContain('Halloran');
  expect((await browser.post(`${page}/open`, { code })).status).toBe(422);

  // By mail, to the other address; then the end.
  await browser.post(`${page}/code`, { channel: 'email' });
  await stage.idle();
  const [mail] = await stage.mails('ines@halloran.example');
  expect(mail).toMatchObject({ subject: 'Your code for Nova Reyes' });
  expect(mail?.['text']).toContain('asked for on your page');
  const mailed = /code is \**(\d{6})/.exec(String(mail?.['text']))?.[1] ?? '';
  expect((await browser.post(`${page}/open`, { code: mailed })).status).toBe(303);
  expect((await browser.get(`${page}/erase`)).text).toContain('Erase everything?');
  expect((await browser.post(`${page}/erase`)).status).toBe(422);
  expect((await browser.post(`${page}/erase`, { sure: 'yes' })).text).toContain('keeps nothing about you');
  await expect(stage.fan(phones.connected)).rejects.toThrow('nobody');
  expect((await browser.get(page)).status).toBe(404);
});

test('R120 she stops a channel, a release, an artist, a service, or all at once; nothing is sent or saved any more', async () => {
  const stage = await startStage();
  const { browser, page } = await openFromText(stage, phones.connected);
  const press = async (what: string, form: Record<string, string> = {}) => {
    const { status, location } = await browser.post(`${page}/do/${what}`, form);
    expect(status).toBe(303);
    return browser.get(location);
  };
  const { releaseId, artistId } = stage.demo;
  expect((await press('cancel', { releaseId: String(releaseId) })).text).not.toContain(
    'Midnight Ferry on Spotify',
  );
  await stage.text(phones.connected, 'presave');
  await stage.advance(hour);
  await stage.text(phones.connected, 'presave');
  expect((await press('artist', { artistId: String(artistId) })).text).toContain('Stopped.');
  expect((await press('unlink', { service: 'spotify' })).text).toContain('Your sign-in is deleted');
  expect((await stage.fan(phones.connected))['grants']).toMatchObject([{ state: 'revoked' }]);
  expect((await press('stop', { channel: 'email' })).text).toContain('Stopped.');
  expect((await stage.fan(phones.connected))['optOuts']).toMatchObject([
    { channel: 'email', word: 'her own page' },
  ]);
  expect((await press('all')).text).toContain('Everything is stopped');
  const fan = await stage.fan(phones.connected);
  expect(fan['consents'].filter((one: { revokedAt: unknown }) => one.revokedAt === null)).toEqual([]);
  expect(fan['optOuts']).toHaveLength(2);
  const texts = (await stage.got(phones.connected)).length;
  const { saved } = await stage.library('ines-halloran');
  await stage.advance(12 * day);
  expect(await stage.got(phones.connected)).toHaveLength(texts);
  expect((await stage.library('ines-halloran')).saved).toEqual(saved);
  // Again: the same.
  expect((await press('all')).status).toBe(200);
});

test('R93 R120 links cannot be guessed or altered, hold nothing personal, and end when she says so', async () => {
  const stage = await startStage();
  const { browser, page, link } = await openFromText(stage, phones.connected);
  const token = page.slice('/me/'.length);
  const other = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
  for (const bad of [other, token.slice(0, 40), `${token}A`, 'x'.repeat(64)]) {
    const answer = await browser.get(`/me/${bad}`);
    expect(answer.status).toBe(404);
    expect(answer.html).not.toContain('Nova');
  }
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('5550187');
  const ended = await browser.post(`${page}/do/end-links`);
  const next = me(ended.location);
  expect(next).not.toBe(page);
  expect((await browser.get(ended.location)).text).toContain('Old links no longer work');
  expect((await browser.get(page)).status).toBe(404);
  expect((await browser.get(link)).status).toBe(404);

  // Codes run out of tries before they are guessed, and out of time.
  await browser.post(`${next}/code`, { channel: 'sms' });
  const tries = [];
  for (let n = 0; n < 6; n++) tries.push((await browser.post(`${next}/open`, { code: '12345' })).status);
  expect(tries).toEqual([422, 422, 422, 422, 422, 429]);
  const asked = [];
  for (let n = 0; n < 3; n++) asked.push((await browser.post(`${next}/code`, { channel: 'sms' })).status);
  expect(asked).toEqual([303, 303, 429]);
  // Neither the code nor the number is kept in the clear.
  const client = new pg.Client({ connectionString: stage.databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows } = await client.query<{ row: string }>('select t::text as row from fan_code t');
  expect(rows).toHaveLength(1);
  expect(rows[0]?.row).not.toMatch(/\b\d{6}\b/);
});
