/**
 * `npm run bench -- connectors`: what sending one message costs with each connector, through its fake
 * in a process of its own: calls a second with 32 under way, CPU of this process a call, and how long a
 * lane rests after the provider said "too many". Fewer calls: `BENCH_CALLS=500`.
 */
import { RetryLater } from '#lib/errors.ts';
import { createHttp, type Http } from '#lib/http.ts';
import { connectors, type ConnectorId } from '#connectors/index.ts';
import type { ConnectorServer } from '#connectors/connector.ts';
import { connectorServers } from '#connectors/server.ts';
import { mailTo } from '#connectors/testing/mails.ts';
import { type Child, startChild } from './burst/child.ts';
import { type FakeReady, sampleNumber } from './connectors/fake-process.ts';

const calls = Number(process.env['BENCH_CALLS'] ?? 3_000);
const underWay = 32;

interface Cost {
  connector: ConnectorId;
  kind: string;
  callsASecond: number;
  cpuMsACall: number;
  restMsAfter429: number | null;
}

type Send = (at: number) => Promise<unknown>;

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
  if (server.email === undefined && server.sms === undefined) return null;
  const http = createHttp({ connections: underWay });
  const child: Child<FakeReady> = await startChild(
    new URL('connectors/fake-process.ts', import.meta.url),
    [],
    [id],
  );
  try {
    const send = senderOf(server, child.ready, http);
    await sendAll(send, 0, Math.min(calls, 500));
    const cpu = process.cpuUsage();
    const started = performance.now();
    await sendAll(send, 1_000, calls);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    return {
      connector: id,
      kind: server.definition.kind,
      callsASecond: Math.round(calls / seconds),
      cpuMsACall: Math.round((user + system) / calls / 10) / 100,
      restMsAfter429: await restAfter429(send, child),
    };
  } finally {
    await child.stop();
    await http.close();
  }
}

/** One message each: a mail, or a text. */
function senderOf({ email, sms }: ConnectorServer, { url, settings }: FakeReady, http: Http): Send {
  const options = { baseUrl: url, settings, http, now: () => new Date() };
  const mailer = email?.(options);
  if (mailer !== undefined) {
    return (at) => {
      const { key: _, ...mail } = mailTo(`fan${at}@fans.example`);
      return mailer.send(mail, { key: `bench:${at}` });
    };
  }
  const carrier = sms?.(options);
  return (at) => {
    const to = `+1303555${String(1_000 + (at % 9_000))}`;
    const text = {
      from: sampleNumber,
      to,
      body: `hello ${at}`,
      statusCallbackUrl: 'https://segue.example/s',
    };
    return carrier?.send(text, { key: `bench:${at}` }) ?? Promise.resolve();
  };
}

async function sendAll(send: Send, from: number, count: number): Promise<void> {
  let next = from;
  const line = async () => {
    while (next < from + count) await send(next++);
  };
  await Promise.all(Array.from({ length: underWay }, line));
}

/** What the connector asks the lane to rest after one "too many requests". */
async function restAfter429(send: Send, child: Child<FakeReady>): Promise<number | null> {
  await child.ask({ mode: 'rate_limited', count: 1 });
  try {
    await send(1_000_000);
    return null;
  } catch (error) {
    if (!(error instanceof RetryLater) || error.at === undefined) throw error;
    return error.at.getTime() - Date.now();
  }
}

function lineOf({ connector, callsASecond, cpuMsACall, restMsAfter429 }: Cost): string {
  const rest = restMsAfter429 === null ? '–' : `${restMsAfter429} ms`;
  return `${connector.padEnd(12)} ${String(callsASecond).padStart(6)} a second  ${cpuMsACall.toFixed(2)} ms CPU  ${rest} after a 429\n`;
}
