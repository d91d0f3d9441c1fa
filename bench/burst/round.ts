/** A round of texts through Segue, and what it cost. */
import { execFileSync } from 'node:child_process';
import { cpuSeconds, type Child } from './child.ts';
import { fire, makeShots } from './load.ts';
import { commits, number, phonesFrom, untilDone, type Stage } from './stage.ts';

/** Texts of a round, and how many are under way at once. */
export const texts = Number(process.env['BENCH_TEXTS'] ?? 10_000);
export const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
export const window = 256;

export interface Round {
  seconds: number;
  commits: number;
  cpuMs: { segue: number; database: number };
  refused: number;
}

export function targetOf(
  stage: Stage,
  url: string,
  path = `/webhooks/twilio/${stage.seeded.smsConnectionId}`,
) {
  return { publicUrl: url, path, authToken: stage.sms.authToken, number };
}

/** `round` tells phones and message ids apart: each is fired once in the life of a stage. */
export async function segueRound(stage: Stage, segue: Child<{ url: string }>, round: number): Promise<Round> {
  const phones = phonesFrom(round * texts, texts);
  await stage.addFans(phones);
  const shots = makeShots(targetOf(stage, segue.ready.url), phones, round);
  const before = {
    commits: await commits(stage.pool),
    segue: cpuSeconds([segue.pid]),
    database: cpuSeconds(databasePids()),
  };
  const started = performance.now();
  const refused = await fire(segue.ready.url, shots, window);
  await untilDone(stage.pool);
  const seconds = (performance.now() - started) / 1000;
  return {
    seconds,
    refused: refused.length,
    commits: ((await commits(stage.pool)) - before.commits) / texts,
    cpuMs: {
      segue: ((cpuSeconds([segue.pid]) - before.segue) * 1000) / texts,
      database: ((cpuSeconds(databasePids()) - before.database) * 1000) / texts,
    },
  };
}

/** Every process of the bench's own server. */
function databasePids(): number[] {
  const list = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return list
    .filter((line) => /postgres/.test(line) && !/node|ps -eo/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export const round2 = (value: number) => Math.round(value * 100) / 100;
