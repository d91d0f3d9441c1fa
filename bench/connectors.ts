/**
 * `npm run bench -- connectors`: what one call costs with each connector, through its fake in a
 * process of its own: a text, a mail, a direct message, a save, or where fans can save nothing a
 * look-up. Calls a second with 32 under way, CPU of this process a call, and how long a lane rests
 * after the provider said "too many". Fewer calls: `BENCH_CALLS=500`.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { RetryLater } from '#lib/errors.ts';
import { createHttp, type Http } from '#lib/http.ts';
import { connectors, type ConnectorId } from '#connectors/index.ts';
import type { ClientOptions, ConnectorServer } from '#connectors/connector.ts';
import { connectorServers } from '#connectors/server.ts';
import { mailTo } from '#connectors/testing/mails.ts';
import { accessOf } from '#connectors/testing/stage.ts';
import { type Child, startChild } from './burst/child.ts';
import { type FakeReady, sampleNumber } from './connectors/fake-process.ts';

const mostCalls = Number(process.env['BENCH_CALLS'] ?? 3_000);
const underWay = 32;

interface Cost {
  connector: ConnectorId;
  kind: string;
  call: string;
  callsASecond: number;
  cpuMsACall: number;
  restMsAfter429: number | null;
}

interface Call {
  /** What one call does. */
  what: string;
  send: (at: number) => Promise<unknown>;
  /** Fewer than the others, where the provider lets only a hundred through a second. */
  calls?: number;
}

export async function connectorCosts(isJson: boolean): Promise<void> {
  const costs: Cost[] = [];
  for (const { id } of connectors) {
    const cost = await measure(id);
    if (cost === null) continue;
    costs.push(cost);
    (isJson ? process.stderr : process.stdout).write(lineOf(cost));
  }
  if (isJson) process.stdout.write(`${JSON.stringify(costs)}\n`);
}

async function measure(id: ConnectorId): Promise<Cost | null> {
  const server: ConnectorServer = connectorServers[id];
  // Link only: there is nothing to call.
  if (
    server.lookup === undefined &&
    server.email === undefined &&
    server.sms === undefined &&
    server.social === undefined
  )
    return null;
  const http = createHttp({ connections: underWay });
  const child: Child<FakeReady> = await startChild(
    new URL('connectors/fake-process.ts', import.meta.url),
    [],
    [id],
  );
  try {
    const { what, send, calls = mostCalls } = callOf(server, child.ready, http);
    await sendAll(send, 0, Math.min(calls, 500));
    const cpu = process.cpuUsage();
    const started = performance.now();
    await sendAll(send, 1_000, calls);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      connector: id,
      kind: server.definition.kind,
      call: what,
      callsASecond: Math.round(calls / seconds),
      cpuMsACall: Math.round((user + system) / calls / 10) / 100,
      restMsAfter429: await restAfter429(send, child),
    };
  } finally {
    await child.stop();
    await http.close();
  }
}

/** What is measured: the call that this connector is there for. */
function callOf(server: ConnectorServer, ready: FakeReady, http: Http): Call {
  const options = { baseUrl: ready.url, settings: ready.settings, http, now: () => new Date() };
  const mailer = server.email?.(options);
  if (mailer !== undefined) return { what: 'a mail', send: (at) => mailer.send(mailOf(at), key(at)) };
  const carrier = server.sms?.(options);
  if (carrier !== undefined) return { what: 'a text', send: (at) => carrier.send(textOf(at), key(at)) };
  const network = server.social?.(options);
  if (network !== undefined) {
    const recipientId = ready.recipientId ?? '';
    const send = (at: number) => network.send({ recipientId, text: `hello ${at}` }, key(at));
    return { what: 'a direct message', send, calls: Math.min(mostCalls, 45) };
  }
  return saveOf(server, ready, options);
}

/** A save, or where fans can only follow, which providers count dearly, or do nothing at all: a look-up. */
function saveOf(
  { definition, ...server }: ConnectorServer,
  { tokens, samples }: FakeReady,
  options: ClientOptions,
): Call {
  const kinds = (['album', 'track'] as const).filter((kind) => definition.actions.includes(`save-${kind}`));
  const item = (kind: 'album' | 'track') => ({ kind, id: samples?.[kind] ?? '' });
  const service = server.streaming?.(options);
  const [kind] = kinds;
  if (service !== undefined && tokens !== null && kind !== undefined) {
    const access = accessOf(tokens);
    return { what: 'a save', send: (at) => service.save(access, [item(kind)], key(at)) };
  }
  const catalogue = server.lookup?.(options);
  if (catalogue === undefined) throw new Error(`${definition.id} has nothing to measure`);
  const send = async () => {
    if ((await catalogue.facts(item('album'))) === null) throw new Error(`${definition.id} found nothing`);
  };
  return { what: 'a look-up', send };
}

const key = (at: number) => ({ key: `bench:${at}` });

function mailOf(at: number) {
  const { key: _, ...mail } = mailTo(`fan${at}@fans.example`);
  return mail;
}

function textOf(at: number) {
  const to = `+1303555${String(1_000 + (at % 9_000))}`;
  return { from: sampleNumber, to, body: `hello ${at}`, statusCallbackUrl: 'https://segue.example/s' };
}

/** A provider that says “too many” is waited for, as its lane would. */
async function sendAll(send: Call['send'], from: number, count: number): Promise<void> {
  let next = from;
  const line = async () => {
    while (next < from + count) await patiently(send, next++);
  };
  await Promise.all(Array.from({ length: underWay }, line));
}

async function patiently(send: Call['send'], at: number): Promise<void> {
  try {
    await send(at);
  } catch (error) {
    if (!(error instanceof RetryLater) || error.at === undefined) throw error;
    await wait(Math.max(0, error.at.getTime() - Date.now()));
    await patiently(send, at);
  }
}

/** What the connector asks the lane to rest after one "too many requests". */
async function restAfter429(send: Call['send'], child: Child<FakeReady>): Promise<number | null> {
  await child.ask({ mode: 'rate_limited', count: 1 });
  try {
    await send(1_000_000);
    return null;
  } catch (error) {
    if (!(error instanceof RetryLater) || error.at === undefined) throw error;
    return error.at.getTime() - Date.now();
  }
}

function lineOf({ connector, call, callsASecond, cpuMsACall, restMsAfter429 }: Cost): string {
  const rest = restMsAfter429 === null ? '–' : `${restMsAfter429} ms`;
  return `${connector.padEnd(13)} ${call.padEnd(17)} ${String(callsASecond).padStart(6)} a second  ${cpuMsACall.toFixed(2)} ms CPU  ${rest} after a 429\n`;
}
