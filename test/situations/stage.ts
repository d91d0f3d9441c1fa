import { expect, onTestFinished } from 'vitest';
import { startApp } from '../../src/app.ts';
import { readEnv } from '../../src/env.ts';
import { createTestDatabase } from '../db.ts';
import { createBrowser, type Browser } from './browser.ts';
import { msUntil } from './local-time.ts';

/** Any answer: a test looks at what it expects and fails where it is not there. */
// oxlint-disable-next-line typescript/no-explicit-any -- an answer's fields are what the test is about
export type Json = Record<string, any>;

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const apiKey = 'situations-demo-key-of-more-than-32-characters';
export const secretKey = Buffer.alloc(32, 11).toString('base64');

/** The demo fans: nobody yet; one whose service is linked; one whose link ran out, as is known. */
export const phones = {
  unknown: '+13035550142',
  connected: '+15125550187',
  ranOut: '+12125550164',
} as const;
/** Where those numbers are at home. */
export const denver = 'America/Denver';
export const austin = 'America/Chicago';
export const newYork = 'America/New_York';
/** Where the artist is: her midnight is the release's. */
export const losAngeles = 'America/Los_Angeles';

/** A step or a text as the run shows it. */
export interface Shown {
  position: number;
  step: string;
  service: string | null;
  status: string;
  reason: string | null;
}

/** What an app that runs somewhere is told over HTTP, and nothing else. */
export interface Stage extends Browser {
  readonly url: string;
  /** For what has no door yet. */
  readonly databaseUrl: string;
  readonly demo: Json;
  /** A door of the API, with the demo's key; any answer but a success fails the test. */
  api(method: string, path: string, body?: unknown): Promise<Json>;
  sandbox(method: string, path: string, body?: unknown): Promise<Json>;
  /** A phone texts the demo's number, or `to`; waits until nothing is left to do now. */
  text(from: string, body: string, to?: string): Promise<void>;
  idle(): Promise<void>;
  now(): Promise<Date>;
  advance(ms: number): Promise<void>;
  /** To the next `hh:mm` on the walls of `zone`. */
  advanceTo(zone: string, time: string): Promise<void>;
  /** Texts that reached a phone, oldest first. */
  got(phone: string): Promise<string[]>;
  /** Mails that reached a mailbox, newest first. */
  mails(address: string): Promise<Json[]>;
  fan(phone: string): Promise<Json>;
  /** Of one fan, oldest first. */
  runs(phone: string): Promise<Json[]>;
  /** The steps of the fan's newest run, as `1 presave deferred: not_connected`. */
  outcomes(phone: string): Promise<string[]>;
  /** Calls a provider's fake has taken since the last question about it. */
  calls(connector: string): Promise<string[]>;
  library(user: string): Promise<{ saved: string[]; following: string[] }>;
  fault(connector: string, mode: string, count?: number): Promise<void>;
  /** Changes the demo's flow and starts the new version. */
  changeFlow(change: (flow: Json) => Json): Promise<void>;
}

/** An app of its own for one test: a database, a port, the demo as a stranger finds it. */
export async function startStage(): Promise<Stage> {
  const { url: databaseUrl } = await createTestDatabase();
  const app = await startApp(readEnv(environment(databaseUrl)), { hasDemoPast: false });
  onTestFinished(() => app.stop());
  return createStage({ url: app.url, databaseUrl }, () => undefined);
}

export function environment(databaseUrl: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey,
    SANDBOX: 'on',
    DEMO_API_KEY: apiKey,
    // What a test listens with.
    WEBHOOK_PRIVATE_HOSTS: '127.0.0.1',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
  };
}

/** `heard` is told every answer: its address, and head and body as one text. */
export async function createStage(
  { url, databaseUrl }: Pick<Stage, 'url' | 'databaseUrl'>,
  heard: (from: string, answer: string) => void,
): Promise<Stage> {
  const browser = createBrowser(url, heard);

  async function call(method: string, path: string, body?: unknown): Promise<Json> {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...init });
    const answer = await response.text();
    heard(path, [...response.headers].join('\n') + answer);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return answer === '' ? {} : (JSON.parse(answer) as Json);
  }

  const api: Stage['api'] = (method, path, body) => call(method, `/api/v1${path}`, body);
  const sandbox: Stage['sandbox'] = (method, path, body) => call(method, `/sandbox/api${path}`, body);
  const demo = await sandbox('GET', '/demo');
  const seen = new Map<string, number>();

  const stage: Stage = {
    ...browser,
    url,
    databaseUrl,
    demo,
    api,
    sandbox,
    async text(from, body, to = demo['number'] as string) {
      await sandbox('POST', '/phone/texts', { from, to, body });
      await stage.idle();
    },
    async idle() {
      expect(await sandbox('GET', '/idle?timeoutMs=15000')).toEqual({ idle: true });
    },
    now: async () => new Date((await sandbox('GET', '/clock'))['now'] as string),
    async advance(ms) {
      await sandbox('POST', '/clock', { advanceMs: ms });
      await stage.idle();
    },
    async advanceTo(zone, time) {
      await stage.advance(msUntil(await stage.now(), zone, time));
    },
    async got(phone) {
      const query = new URLSearchParams({ number: phone, direction: 'in', limit: '200' });
      const { items } = await sandbox('GET', `/phone/texts?${query.toString()}`);
      return (items as Json[]).map((text) => String(text['body'])).toReversed();
    },
    async mails(address) {
      const { items } = await sandbox('GET', `/mailbox?address=${encodeURIComponent(address)}`);
      return items as Json[];
    },
    async fan(phone) {
      const { items } = await api('GET', `/fans?phone=${encodeURIComponent(phone)}`);
      const fan = (items as Json[])[0];
      if (fan === undefined) throw new Error(`${phone} is nobody yet`);
      return fan;
    },
    async runs(phone) {
      const fan = await stage.fan(phone);
      return ((await api('GET', `/runs?fanId=${String(fan['id'])}`))['items'] as Json[]).toReversed();
    },
    async outcomes(phone) {
      const run = (await stage.runs(phone)).at(-1);
      return ((run?.['steps'] ?? []) as Shown[]).map(describe);
    },
    async calls(connector) {
      const { items } = await sandbox('GET', `/${connector}/calls`);
      const all = (items as Json[]).map((one) => `${String(one['method'])} ${String(one['path'])}`);
      const known = seen.get(connector) ?? 0;
      seen.set(connector, all.length);
      return all.slice(known);
    },
    async library(user) {
      const { saved, following } = await sandbox('GET', `/spotify/library?user=${user}`);
      const uris = (list: Json[]) => list.map((one) => String(one['uri']));
      return { saved: uris(saved as Json[]), following: uris(following as Json[]) };
    },
    async fault(connector, mode, count) {
      await sandbox('POST', '/faults', { connector, mode, ...(count === undefined ? {} : { count }) });
    },
    async changeFlow(change) {
      const flow = await api('GET', `/flows/${String(demo['flowId'])}`);
      await api('PUT', `/flows/${String(demo['flowId'])}`, change(flow));
      await api('POST', `/flows/${String(demo['flowId'])}/activate`);
    },
  };
  return stage;
}

export function describe({ position, step, service, status, reason }: Shown): string {
  return `${position} ${step}${service === null ? '' : ` (${service})`} ${status}${reason === null ? '' : `: ${reason}`}`;
}
