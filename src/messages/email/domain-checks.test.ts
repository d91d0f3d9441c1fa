import { afterAll, beforeEach, expect, test } from 'vitest';
import { createReadTxt } from '#lib/dns.ts';
import { serveNames } from '../../../test/name-server.ts';
import { checkDomain } from './domain-checks.ts';

const names = await serveNames();
afterAll(() => names.close());
const readTxt = createReadTxt([names.server]);

const sender = {
  address: 'hello@mail.luna.example',
  dkimSelectors: ['s1', 's2'],
  returnPathDomain: 'bounces.luna.example',
};
const key = `v=DKIM1; k=rsa; p=${'A'.repeat(360)}`;

beforeEach(() => {
  names.clear();
  names.setText(
    'bounces.luna.example',
    'google-site-verification=x',
    'v=spf1 include:_spf.luna.example ~all',
  );
  names.setAlias('s2._domainkey.mail.luna.example', 's2.provider.example');
  names.setText('s2.provider.example', key);
  names.setText('_dmarc.luna.example', 'v=DMARC1; p=quarantine; rua=mailto:a@luna.example');
});

const look = async (change: Partial<typeof sender> = {}) => {
  const checks = await checkDomain(readTxt, { ...sender, ...change });
  return Object.fromEntries(checks.map(({ check, isOk, detail }) => [check, isOk || detail]));
};

test('R113 SPF, DKIM and DMARC of one organisation prove a sender; aliases and long keys count', async () => {
  expect(await look()).toEqual({ spf: true, dkim: true, dmarc: true });
});

test('R113 says which record is missing, and where to publish it', async () => {
  names.clear();
  expect(await look({ returnPathDomain: 'mail.luna.example' })).toEqual({
    spf: expect.stringContaining('at mail.luna.example'),
    dkim: expect.stringContaining('s1._domainkey.mail.luna.example or s2._domainkey.mail.luna.example'),
    dmarc: expect.stringContaining('at _dmarc.mail.luna.example'),
  });
});

test('R113 bounces that return to another organisation do not count', async () => {
  expect((await look({ returnPathDomain: 'amazonses.example' }))['spf']).toMatch(/not below luna\.example/);
  expect((await look({ returnPathDomain: 'evil-luna.example' }))['spf']).toMatch(/not below/);
});

test.each([
  ['everybody may send', 'bounces.luna.example', 'v=spf1 +all', 'spf'],
  ['everybody may send, in short', 'bounces.luna.example', 'v=spf1 all', 'spf'],
  ['a key that was revoked', 's2.provider.example', 'v=DKIM1; p=', 'dkim'],
  ['a policy without a policy', '_dmarc.luna.example', 'v=DMARC1; rua=mailto:a@luna.example', 'dmarc'],
  ['a policy of another kind', '_dmarc.luna.example', 'v=DMARC11; p=none', 'dmarc'],
])('R113 %s is none', async (_name, name, text, check) => {
  names.setText(name, text);
  expect((await look())[check]).not.toBe(true);
});

test('no selector is nothing to look up', async () => {
  expect((await look({ dkimSelectors: [] }))['dkim']).toMatch(/No DKIM selector/);
});

test('a policy is looked for upwards, and never at the last name', async () => {
  names.asked.length = 0;
  await look({ address: `hello@${'a.'.repeat(20)}example`, returnPathDomain: 'a.example' });
  const walked = names.asked.filter((name) => name.startsWith('_dmarc.'));
  expect(walked).toHaveLength(8);
  expect(walked).not.toContain('_dmarc.example');
});

test('a DNS that is away says nothing about the sender', async () => {
  const nobody = createReadTxt(['127.0.0.1:9']);
  await expect(checkDomain(nobody, sender)).rejects.toThrow(/ECONNREFUSED|ETIMEOUT|queryTxt/);
});
