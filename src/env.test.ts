import { expect, test } from 'vitest';
import { EnvError, publicUrlOf, readEnv } from './env.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const demoKey = 'd'.repeat(32);
const database = { DATABASE_URL: 'postgres://segue@db/segue', SECRET_KEY: key };

function mistakesOf(source: Record<string, string>): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof EnvError) return error.mistakes;
    throw error;
  }
  return [];
}

test('nothing set: an embedded database, the sandbox on, listening for this machine only', () => {
  expect(readEnv({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: null,
    shortUrl: null,
    databaseUrl: null,
    dataDir: './data',
    secretKey: null,
    previousSecretKey: null,
    role: 'all',
    planChanges: 'owner',
    isSandboxOn: true,
    sandboxSmtpPort: 3001,
    demoApiKey: null,
    providerBaseUrls: new Map(),
    webhookPrivateHosts: new Set(),
    isProxyTrusted: false,
    systemMailUrl: null,
    logLevel: 'info',
    chromiumPath: null,
  });
});

test('the public address follows the port that was got, unless it is given', () => {
  expect(publicUrlOf(readEnv({}), 4711)).toBe('http://127.0.0.1:4711');
  expect(publicUrlOf(readEnv({ PUBLIC_URL: 'https://segue.example.com/' }), 4711)).toBe(
    'https://segue.example.com',
  );
});

test('a database of its own turns the sandbox off, which can be turned on again', () => {
  expect(readEnv(database).isSandboxOn).toBe(false);
  expect(readEnv({ ...database, SANDBOX: 'on' }).isSandboxOn).toBe(true);
  expect(readEnv({ SANDBOX: 'off' }).isSandboxOn).toBe(false);
});

test('secret keys come as bytes', () => {
  expect(readEnv(database).secretKey).toEqual(Buffer.alloc(32, 7));
  const both = readEnv({ SECRET_KEY: key, SECRET_KEY_PREVIOUS: Buffer.alloc(32, 8).toString('base64') });
  expect(both.previousSecretKey).toEqual(Buffer.alloc(32, 8));
});

test('provider addresses are read for live and test connections', () => {
  const env = readEnv({
    PROVIDER_BASE_URLS: '{"acme":"http://127.0.0.1:4000/","acme:test":"https://fake.example/x"}',
  });
  expect([...env.providerBaseUrls]).toEqual([
    ['acme', 'http://127.0.0.1:4000'],
    ['acme:test', 'https://fake.example/x'],
  ]);
});

test('empty values count as absent', () => {
  expect(readEnv({ PORT: '', SECRET_KEY: ' ', DATABASE_URL: '', DEMO_API_KEY: '' })).toEqual(readEnv({}));
});

test.each([
  ['PORT', { PORT: '70000' }, /^PORT is "70000", but must be a whole number from 0 to 65535\.$/],
  ['PORT', { PORT: '3000x' }, /^PORT is "3000x"/],
  ['SANDBOX_SMTP_PORT', { SANDBOX_SMTP_PORT: '-1' }, /^SANDBOX_SMTP_PORT is "-1"/],
  ['SANDBOX_SMTP_PORT', { PORT: '65535' }, /set SANDBOX_SMTP_PORT/],
  ['SANDBOX_SMTP_PORT', { SANDBOX_SMTP_PORT: '3000' }, /both 3000/],
  ['PUBLIC_URL over plain http', { PUBLIC_URL: 'http://segue.example.com' }, /must begin with https/],
  ['PUBLIC_URL with a path', { PUBLIC_URL: 'https://example.com/segue' }, /scheme and host alone/],
  ['PUBLIC_URL', { PUBLIC_URL: 'segue.example.com' }, /^PUBLIC_URL must be an address such as/],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://x', SECRET_KEY: key }, /^DATABASE_URL must be an address/],
  [
    'DATABASE_URL without SECRET_KEY',
    { DATABASE_URL: 'postgres://x/y' },
    /^DATABASE_URL is set without SECRET_KEY/,
  ],
  ['SECRET_KEY', { SECRET_KEY: 'c2hvcnQ=' }, /^SECRET_KEY must be 32 bytes in base64/],
  ['SECRET_KEY with a slip', { SECRET_KEY: `${key.slice(0, 10)}!${key.slice(10)}` }, /^SECRET_KEY must be/],
  ['SECRET_KEY_PREVIOUS alone', { SECRET_KEY_PREVIOUS: key }, /without SECRET_KEY/],
  ['ROLE', { ...database, ROLE: 'web' }, /^ROLE is "web", but must be one of all, http, worker\.$/],
  ['ROLE on the embedded server', { ROLE: 'worker' }, /^ROLE=worker needs DATABASE_URL/],
  ['SANDBOX', { SANDBOX: 'maybe' }, /^SANDBOX is "maybe"/],
  ['DEMO_API_KEY too short', { DEMO_API_KEY: 'short' }, /has 5 characters, but needs at least 32/],
  ['DEMO_API_KEY without sandbox', { ...database, DEMO_API_KEY: demoKey }, /the sandbox is off/],
  ['DEMO_API_KEY with a blank', { DEMO_API_KEY: `${demoKey} x` }, /without blanks/],
  ['PROVIDER_BASE_URLS no JSON', { PROVIDER_BASE_URLS: '{' }, /must be a JSON object/],
  ['PROVIDER_BASE_URLS a list', { PROVIDER_BASE_URLS: '[]' }, /must be a JSON object/],
  ['PROVIDER_BASE_URLS name', { PROVIDER_BASE_URLS: '{"acme:live":"http://x"}' }, /names "acme:live"/],
  ['PROVIDER_BASE_URLS address', { PROVIDER_BASE_URLS: '{"acme":"ftp://x"}' }, /gives "acme" no http/],
  ['WEBHOOK_PRIVATE_HOSTS', { WEBHOOK_PRIVATE_HOSTS: 'crm.lan:8080,http://x' }, /names "http:\/\/x"/],
  ['SYSTEM_MAIL_URL', { SYSTEM_MAIL_URL: 'https://x' }, /^SYSTEM_MAIL_URL must be an address such as smtp/],
  ['LOG_LEVEL', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud"/],
  ['TRUST_PROXY', { TRUST_PROXY: 'some' }, /^TRUST_PROXY is "some"/],
])('a wrong %s is told in one sentence', (_name, source, sentence) => {
  const mistakes = mistakesOf(source);
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(sentence);
});

test('all mistakes come at once, and none repeats a secret', () => {
  const secrets = { SECRET_KEY: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db', DEMO_API_KEY: 'hunter2' };
  const mistakes = mistakesOf({ PORT: 'x', LOG_LEVEL: 'loud', ...secrets });
  expect(mistakes).toHaveLength(5);
  expect(mistakes.join()).not.toContain('hunter2');
});
