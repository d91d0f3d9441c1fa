import { Agent } from 'undici';
import type { Answer } from './bare.ts';

export interface Visit {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  body?: string;
}

export interface Load {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers that were not as `expected`. */
  wrong: number;
}

/** Makes all visits over `connections` kept alive, each as soon as the one before it is answered. */
export async function visitAll(
  url: string,
  visits: readonly Visit[],
  connections: number,
  expected: (status: number, body: string) => boolean,
): Promise<Load> {
  const agent = new Agent({ connections });
  const times: number[] = [];
  let [next, wrong] = [0, 0];
  const lane = async () => {
    for (let visit = visits[next++]; visit !== undefined; visit = visits[next++]) {
      const from = performance.now();
      const response = await agent.request({ origin: url, ...visit });
      const text = await response.body.text();
      times.push(performance.now() - from);
      if (!expected(response.statusCode, text)) wrong += 1;
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - from) / 1_000;
  await agent.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { perSecond: visits.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), wrong };
}

/** What a server answers, to be answered by another one. */
export async function copyAnswer(url: string, { path, ...visit }: Visit): Promise<Answer> {
  const response = await fetch(url + path, { ...visit, redirect: 'manual' });
  const body = await response.text();
  // Node writes these itself.
  const own = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length']);
  return { status: response.status, headers: [...response.headers].filter(([name]) => !own.has(name)), body };
}
