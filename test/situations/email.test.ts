import { expect, test } from 'vitest';
import { hour, phones, startStage, type Json, type Stage } from './stage.ts';

const ines = 'ines@halloran.example';
const teo = 'teo@marchetti.example';

/** A flow of its own beside the demo's: a word, and a mail. */
async function mailFlow(stage: Stage, steps: Json[] = [mailStep()]): Promise<string> {
  const { id } = await stage.api('POST', '/flows', {
    name: 'Mail',
    trigger: { trigger: 'keyword', config: { keywords: ['LETTER'], mode: 'reply' } },
    steps,
    reentry: { policy: 'always' },
  });
  await stage.api('POST', `/flows/${String(id)}/activate`);
  return String(id);
}

function mailStep(change: Json = {}): Json {
  const body =
    'Hi {{ fan.name | default: "friend" }},\n\n# A letter\n\n[Open your page]({{ links.connect }})';
  return {
    step: 'send-email',
    config: { subject: 'A letter for {{ fan.name | default: "you" }}', body, ...change },
  };
}

/** The header that a mail program shows its own button for. */
function oneClick(mail: Json | undefined): string {
  const header = String(mail?.['headers']['List-Unsubscribe']);
  return header.slice(1, -1);
}

test('R75 R113 R114 a mail to a fan who agreed: her name, who sends and from where, both one-click headers, nothing that is fetched', async () => {
  const stage = await startStage();
  await mailFlow(stage);
  await stage.text(phones.connected, 'letter');
  expect(await stage.outcomes(phones.connected)).toEqual(['1 send-email done']);
  const [mail] = await stage.mails(ines);
  expect(mail).toMatchObject({ to: ines, subject: 'A letter for Ines Halloran' });
  expect(mail?.['from']).toMatch(/^"Nova Reyes" <hello@mail\.example>$/);
  expect(mail?.['text']).toContain('Nova Reyes Music LLC · 412 Harbor Street, Portland, OR 97205');
  expect(mail?.['headers']).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
  expect(mail?.['html']).not.toMatch(/<img|<link|@import|<script/);
  const page = await fetch(
    `${stage.url}/sandbox/mailbox/${String(stage.demo['projectId'])}/${String(mail?.['id'])}`,
  );
  expect(await page.text()).toContain('Hi Ines Halloran,');
  expect(page.headers.get('content-security-policy')).toContain(
    "default-src 'none'; style-src 'unsafe-inline'",
  );
  const { email } = await stage.api('GET', '/usage');
  expect(email).toMatchObject({ used: 1 });
});

test('R75 R77 one POST of the mail program ends mails at once; the next is skipped, the other fan gets hers', async () => {
  const stage = await startStage();
  await mailFlow(stage);
  await stage.text(phones.connected, 'letter');
  const [mail] = await stage.mails(ines);
  expect((await stage.open(oneClick(mail))).text).toContain('Nova Reyes');
  const [before] = (await stage.fan(phones.connected))['consents'].filter(
    (one: Json) => one['channel'] === 'email',
  );
  expect(before).toMatchObject({ revokedAt: null });

  const answer = await stage.submit(oneClick(mail), [['List-Unsubscribe', 'One-Click']]);
  expect([answer.status, answer.html]).toEqual([200, '']);
  await stage.text(phones.connected, 'letter');
  expect(await stage.outcomes(phones.connected)).toEqual(['1 send-email skipped: unsubscribed']);
  expect(await stage.mails(ines)).toHaveLength(1);
  await stage.text(phones.ranOut, 'letter');
  expect(await stage.mails(teo)).toHaveLength(1);
});

test('R75 no mail without consent, whatever the fan texted; 4.5 says why', async () => {
  const stage = await startStage();
  await mailFlow(stage);
  await stage.text(phones.unknown, 'letter');
  expect(await stage.outcomes(phones.unknown)).toEqual(['1 send-email skipped: no_address']);
});

test('R76 a spam report ends mails to that fan and is kept; texts are another channel', async () => {
  const stage = await startStage();
  await mailFlow(stage);
  await stage.text(phones.connected, 'letter');
  const [mail] = await stage.mails(ines);
  await stage.sandbox('POST', `/mailbox/${String(mail?.['id'])}/complaint`, {});
  await stage.idle();
  const fan = await stage.fan(phones.connected);
  expect(fan['consents'].map((one: Json) => [one['channel'], one['revokedBy']]).toSorted()).toEqual([
    ['email', 'a spam report'],
    ['sms', null],
  ]);
  await stage.text(phones.connected, 'letter');
  expect(await stage.outcomes(phones.connected)).toEqual(['1 send-email skipped: unsubscribed']);
  await stage.text(phones.connected, 'presave');
  expect((await stage.outcomes(phones.connected)).at(-1)).toMatch(/^4 send-text done/);
});

test('R54 a mail says what the steps before it did', async () => {
  const stage = await startStage();
  const body =
    "{% if steps.presave.status == 'done' %}It is saved.{% else %}Save it: {{ links.connect }}{% endif %}";
  const presave = { step: 'presave', config: { releaseId: stage.demo['releaseId'] } };
  await mailFlow(stage, [presave, mailStep({ body, subject: '{{ release.title }}' })]);
  await stage.text(phones.connected, 'letter');
  await stage.text(phones.ranOut, 'letter');
  expect((await stage.mails(ines))[0]).toMatchObject({ subject: 'Midnight Ferry' });
  expect((await stage.mails(ines))[0]?.['text']).toMatch(/^It is saved\./);
  expect((await stage.mails(teo))[0]?.['text']).toMatch(/^Save it: http/);
});

test('a provider in trouble: the mail waits and arrives once', async () => {
  const stage = await startStage();
  await mailFlow(stage);
  await stage.fault('postmark', 'error', 1);
  await stage.text(phones.connected, 'letter');
  await stage.advance(hour);
  expect(await stage.outcomes(phones.connected)).toEqual(['1 send-email done']);
  expect(await stage.mails(ines)).toHaveLength(1);
});
