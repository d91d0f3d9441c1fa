/** The one reader of the environment: every name, its default, and a sentence for each mistake. */

export type Role = 'all' | 'http' | 'worker';

const roles = ['all', 'http', 'worker'] as const satisfies readonly Role[];
const planChangers = ['owner', 'operator'] as const;
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const longestPort = 65_535;
const shortestDemoKey = 32;
const keyBytes = 32;

export interface Env {
  /** 0: any free port. */
  port: number;
  host: string;
  /** Scheme and host without a slash at the end; `null`: `http://127.0.0.1:` and the port that was got. */
  publicUrl: string | null;
  /** Another name of the same host, short enough for the links in texts; `null`: the public one. */
  shortUrl: string | null;
  /** `null`: the embedded server in `dataDir`. */
  databaseUrl: string | null;
  dataDir: string;
  /** 32 bytes; `null` (only with the embedded server): the one generated into `dataDir`. */
  secretKey: Buffer | null;
  previousSecretKey: Buffer | null;
  role: Role;
  /** Who may change the plan of an account: its owners, or only the command `npm run plan`. */
  planChanges: (typeof planChangers)[number];
  isSandboxOn: boolean;
  /** 0: any free port. */
  sandboxSmtpPort: number;
  demoApiKey: string | null;
  /** `connector` (live) or `connector:test` → base URL without a slash at the end. */
  providerBaseUrls: ReadonlyMap<string, string>;
  /** `host` or `host:port` in a private network that outbound webhooks may reach all the same. */
  webhookPrivateHosts: ReadonlySet<string>;
  /** Whether `X-Forwarded-*` of the machine that connects to us is believed. */
  isProxyTrusted: boolean;
  systemMailUrl: string | null;
  logLevel: (typeof logLevels)[number];
  chromiumPath: string | null;
}

/** All mistakes of an environment at once, a sentence each; `message` has one a line. */
export class EnvError extends Error {
  override name = 'EnvError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/**
 * Reads `process.env` (or one like it). An empty value counts as absent. No value of a secret is ever
 * part of a sentence.
 * @throws {EnvError}
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const read = new Reader(source);
  const port = read.port('PORT') ?? 3000;
  const databaseUrl = read.url('DATABASE_URL', ['postgres:', 'postgresql:'], 'postgres://user@host/database');
  const env: Env = {
    port,
    host: read.text('HOST') ?? '127.0.0.1',
    publicUrl: readOrigin(read, 'PUBLIC_URL', 'https://segue.example.com'),
    shortUrl: readOrigin(read, 'SHORT_URL', 'https://sg.example'),
    databaseUrl,
    dataDir: read.text('DATA_DIR') ?? './data',
    secretKey: read.key('SECRET_KEY'),
    previousSecretKey: read.key('SECRET_KEY_PREVIOUS'),
    role: read.oneOf('ROLE', roles) ?? 'all',
    planChanges: read.oneOf('PLAN_CHANGES', planChangers) ?? 'owner',
    isSandboxOn: read.isOn('SANDBOX') ?? databaseUrl === null,
    sandboxSmtpPort: read.port('SANDBOX_SMTP_PORT') ?? (port === 0 ? 0 : port + 1),
    demoApiKey: read.text('DEMO_API_KEY'),
    providerBaseUrls: readProviderBaseUrls(read),
    webhookPrivateHosts: readHosts(read, 'WEBHOOK_PRIVATE_HOSTS'),
    isProxyTrusted: read.isOn('TRUST_PROXY') ?? false,
    systemMailUrl: read.url('SYSTEM_MAIL_URL', ['smtp:', 'smtps:'], 'smtp://user:password@host:587'),
    logLevel: read.oneOf('LOG_LEVEL', logLevels) ?? 'info',
    chromiumPath: read.text('CHROMIUM_PATH'),
  };
  checkTogether(env, read);
  if (read.mistakes.length > 0) throw new EnvError(read.mistakes);
  return env;
}

/** Where the world finds this process, which listens on `port`. */
export function publicUrlOf(env: Pick<Env, 'publicUrl'>, port: number): string {
  return env.publicUrl ?? `http://127.0.0.1:${port}`;
}

function checkTogether(env: Env, read: Reader): void {
  const { mistakes } = read;
  const isEmbedded = read.text('DATABASE_URL') === null;
  if (!isEmbedded && read.text('SECRET_KEY') === null) {
    mistakes.push(
      'DATABASE_URL is set without SECRET_KEY: what is stored there is sealed with that key, so it has to be kept by you. ' +
        'Make one with: openssl rand -base64 32',
    );
  }
  if (read.text('SECRET_KEY_PREVIOUS') !== null && read.text('SECRET_KEY') === null) {
    mistakes.push('SECRET_KEY_PREVIOUS is set without SECRET_KEY: give the new key too.');
  }
  if (isEmbedded && env.role !== 'all') {
    mistakes.push(`ROLE=${env.role} needs DATABASE_URL: the embedded PostgreSQL serves one process only.`);
  }
  if (env.demoApiKey !== null) checkDemoKey(env.demoApiKey, env.isSandboxOn, mistakes);
  if (!env.isSandboxOn) return;
  if (env.sandboxSmtpPort > longestPort) {
    mistakes.push(
      `PORT is ${env.port}, so the fake mail server has no port after it: set SANDBOX_SMTP_PORT.`,
    );
  }
  if (env.port !== 0 && env.sandboxSmtpPort === env.port) {
    mistakes.push(
      `SANDBOX_SMTP_PORT and PORT are both ${env.port}: the fake mail server needs a port of its own.`,
    );
  }
}

function checkDemoKey(demoApiKey: string, isSandboxOn: boolean, mistakes: string[]): void {
  if (!isSandboxOn)
    mistakes.push('DEMO_API_KEY is set but the sandbox is off: set SANDBOX=on, or leave the key out.');
  if (demoApiKey.length < shortestDemoKey) {
    mistakes.push(`DEMO_API_KEY has ${demoApiKey.length} characters, but needs at least ${shortestDemoKey}.`);
  }
  if (!/^[\x21-\x7e]*$/.test(demoApiKey)) {
    mistakes.push(
      'DEMO_API_KEY may hold only visible ASCII characters without blanks, since it travels in a header.',
    );
  }
}

function readOrigin(read: Reader, name: string, example: string): string | null {
  const url = read.url(name, ['https:', 'http:'], example);
  if (url === null) return null;
  const { protocol, hostname, pathname, search, hash, username, origin } = new URL(url);
  if (protocol === 'http:' && !isLoopback(hostname)) {
    read.mistakes.push(`${name} is ${origin}: links to other machines must begin with https://.`);
  }
  if (pathname !== '/' || search || hash || username) {
    read.mistakes.push(`${name} must be scheme and host alone, such as ${example}.`);
  }
  return origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function readProviderBaseUrls(read: Reader): ReadonlyMap<string, string> {
  const urls = new Map<string, string>();
  const text = read.text('PROVIDER_BASE_URLS');
  if (text === null) return urls;
  const given = parseObject(text);
  if (given === null) {
    read.mistakes.push(
      'PROVIDER_BASE_URLS must be a JSON object, such as {"connector:test":"http://127.0.0.1:4000"}.',
    );
    return urls;
  }
  for (const [name, value] of Object.entries(given)) {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    if (!/^[a-z][a-z0-9-]*(:test)?$/.test(name)) {
      read.mistakes.push(
        `PROVIDER_BASE_URLS names "${name}", which is neither a connector nor connector:test.`,
      );
    } else if (url === null || !['http:', 'https:'].includes(url.protocol)) {
      read.mistakes.push(`PROVIDER_BASE_URLS gives "${name}" no http:// or https:// address.`);
    } else {
      urls.set(name, url.href.replace(/\/+$/, ''));
    }
  }
  return urls;
}

/** Names or addresses with a port or without, a comma between. */
function readHosts(read: Reader, name: string): ReadonlySet<string> {
  const hosts = (read.text(name) ?? '').split(',').flatMap((host) => host.trim().toLowerCase() || []);
  for (const host of hosts) {
    if (!/^[a-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-f:.]+\](:\d{1,5})?$/.test(host))
      read.mistakes.push(`${name} names "${host}", which is neither host nor host:port.`);
  }
  return new Set(hosts);
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Reads single values and collects what is wrong with them. */
class Reader {
  readonly mistakes: string[] = [];
  readonly #source: Record<string, string | undefined>;

  constructor(source: Record<string, string | undefined>) {
    this.#source = source;
  }

  text(name: string): string | null {
    return this.#source[name]?.trim() || null;
  }

  port(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    const port = Number(text);
    if (/^\d+$/.test(text) && port <= longestPort) return port;
    this.mistakes.push(`${name} is "${text}", but must be a whole number from 0 to ${longestPort}.`);
    return null;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = allowed.find((value) => value === text);
    if (found === undefined)
      this.mistakes.push(`${name} is "${text}", but must be one of ${allowed.join(', ')}.`);
    return found ?? null;
  }

  isOn(name: string): boolean | null {
    const value = this.oneOf(name, ['on', 'off', 'true', 'false', '1', '0']);
    return value === null ? null : ['on', 'true', '1'].includes(value);
  }

  /** The address may hold a password, so the sentence shows an example and not what was given. */
  url(name: string, protocols: string[], example: string): string | null {
    const text = this.text(name);
    if (text === null) return null;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    this.mistakes.push(`${name} must be an address such as ${example}.`);
    return null;
  }

  key(name: string): Buffer | null {
    const text = this.text(name);
    if (text === null) return null;
    const key = Buffer.from(text, 'base64');
    // Buffer skips what is not base64, so a typing slip is found by writing it back.
    if (key.length === keyBytes && key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, ''))
      return key;
    this.mistakes.push(
      `${name} must be ${keyBytes} bytes in base64. Make one with: openssl rand -base64 ${keyBytes}`,
    );
    return null;
  }
}
