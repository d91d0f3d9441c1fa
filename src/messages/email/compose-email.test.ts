import { expect, test } from 'vitest';
import { composeEmail, type EmailToCompose } from './compose-email.ts';
import { parseBody } from './parse-body.ts';

const input: EmailToCompose = {
  subject: 'Nightglass is out',
  body: 'Hi Maya,\nit is out.\n\n# Tonight\n\n**Listen** at https://luna.example/a?b=1&c=2.\n\n[Save it](https://segue.example/s/abc)',
  programme: 'Luna Vale',
  legalSender: 'Luna LLC',
  postalAddress: '1 Main St, Springfield',
  language: 'en-US',
  unsubscribeUrl: 'https://segue.example/u/TOKEN',
  privacyUrl: 'https://segue.example/privacy/luna',
};

test('R113 a mail says the same twice: as HTML and as plain text', async () => {
  const { html, text } = await composeEmail(input);
  expect(text).toBe(
    [
      'Hi Maya,\nit is out.',
      'Tonight',
      'Listen at https://luna.example/a?b=1&c=2.',
      'Save it: https://segue.example/s/abc',
      '-- ',
      'You get this mail because you agreed to mails from Luna Vale.\nLuna LLC · 1 Main St, Springfield\nUnsubscribe: https://segue.example/u/TOKEN\nPrivacy: https://segue.example/privacy/luna',
    ].join('\n\n'),
  );
  const shown = html.replaceAll(/<(style|title)[^]*?<\/\1>|<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
  for (const words of ['Hi Maya,', 'Tonight', 'Listen at', 'Save it', 'Luna LLC · 1 Main St, Springfield'])
    expect(shown).toContain(words);
  expect(html).toContain('href="https://luna.example/a?b=1&amp;c=2"');
  expect(html).toMatch(/<html lang="en"/);
});

test('R75 R113 the way out and who sends are there, whatever the artist wrote', async () => {
  const { html, text } = await composeEmail({ ...input, body: '' });
  expect(html).toContain('href="https://segue.example/u/TOKEN"');
  expect(text).toContain('1 Main St, Springfield');
});

test('R114 nothing in a mail is fetched when it is opened', async () => {
  const { html } = await composeEmail(input);
  expect(html).not.toMatch(/<img|background=|url\(|@import|<link|<script|src=/i);
});

test('R92 what looks like HTML is text', async () => {
  const subject = 'SENDER';
  const body = '<script>alert(1)</script> & <b>"quoted"</b> $& $1 FOOTER PARAGRAPH';
  const { html, text } = await composeEmail({ ...input, subject, body, programme: '<i>Luna</i>' });
  expect(html).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;&quot;quoted&quot;&lt;/b&gt; $&amp; $1',
  );
  expect(html).toContain('FOOTER PARAGRAPH');
  expect(html).not.toContain('<script>');
  expect(html).toContain('&lt;i&gt;Luna&lt;/i&gt;');
  expect(html).toContain('<title>SENDER</title>');
  expect(text).toContain(body);
});

test('R113 a subject is one line, and never empty', async () => {
  const subject = 'Hi\r\nBcc: all@fans.example\u2028x';
  expect((await composeEmail({ ...input, subject })).subject).toBe('Hi Bcc: all@fans.example x');
  expect((await composeEmail({ ...input, subject: ' \n ' })).subject).toBe('Luna Vale');
  expect((await composeEmail({ ...input, subject: 'x'.repeat(999) })).subject).toHaveLength(200);
});

test('the system’s words are in the fan’s language, or in English', async () => {
  expect((await composeEmail({ ...input, language: 'de-AT' })).text).toContain('Abmelden: ');
  expect((await composeEmail({ ...input, language: 'es' })).text).toContain('Darse de baja: ');
  expect((await composeEmail({ ...input, language: 'xx' })).text).toContain('Unsubscribe: ');
});

test('only web addresses become links', () => {
  expect(parseBody('[x](javascript:alert(1)) [y](//evil.example) mailto:a@b.example')).toEqual([
    {
      kind: 'paragraph',
      parts: [{ kind: 'text', text: '[x](javascript:alert(1)) [y](//evil.example) mailto:a@b.example' }],
    },
  ]);
  expect(parseBody('(see https://a.example/b)')).toEqual([
    {
      kind: 'paragraph',
      parts: [
        { kind: 'text', text: '(see ' },
        { kind: 'link', label: 'https://a.example/b', url: 'https://a.example/b' },
        { kind: 'text', text: ')' },
      ],
    },
  ]);
});

test('any text is a mail, and a long one is no work', () => {
  const nasty = ['['.repeat(50_000), '**'.repeat(50_000), '\n \n'.repeat(30_000), 'https://'.repeat(20_000)];
  for (const body of nasty) expect(Array.isArray(parseBody(body))).toBe(true);
});
