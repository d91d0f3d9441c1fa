/**
 * `npm run bench -- latency`: one keyword text every fiftieth of a second, from the webhook call to
 * the last commit of its run, less the time the providers took. Beside it what one commit costs here.
 */
import { sql } from 'kysely';
import type { Pool } from '#db/pool.ts';
import type { Child } from './burst/child.ts';
import { fire, makeShots } from './burst/load.ts';
import { number, phonesFrom, setStage, type Stage } from './burst/stage.ts';

const texts = Number(process.env['BENCH_TEXTS'] ?? 600);
const everyMs = 50;

export async function latency(isJson: boolean): Promise<void> {
  const stage = await setStage();
  const segue = await stage.startSegue();
  try {
    const phones = phonesFrom(0, texts + 200);
    await stage.addFans(phones);
    const target = {
      publicUrl: segue.ready.url,
      path: `/webhooks/twilio/${stage.seeded.smsConnectionId}`,
      authToken: stage.sms.authToken,
      number,
    };
    const shots = makeShots(target, phones, 1);
    const times: number[] = [];
    for (const [at, shot] of shots.entries()) {
      const started = performance.now();
      const ms = await oneText(stage, segue, shot);
      // The first ones warm up what a process that has run for a minute has warm.
      if (at >= 200) times.push(ms);
      await new Promise((resolve) =>
        setTimeout(resolve, Math.max(0, everyMs - (performance.now() - started))),
      );
    }
    const commit = await commitTimes(stage.pool);
    const summary = {
      texts: times.length,
      p50Ms: quantile(times, 0.5),
      p99Ms: quantile(times, 0.99),
      commitP50Ms: quantile(commit, 0.5),
      commitP99Ms: quantile(commit, 0.99),
    };
    for (const [name, value] of Object.entries(summary)) {
      (isJson ? process.stderr : process.stdout).write(`${name.padEnd(14)} ${value}\n`);
    }
    if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
  } finally {
    await segue.stop();
    await stage.close();
  }
}

async function oneText(
  stage: Stage,
  segue: Child<{ url: string }>,
  shot: ReturnType<typeof makeShots>[number],
): Promise<number> {
  const before = Number(await stage.fakes.ask({ ask: 'busyMs' }));
  const started = performance.now();
  await fire(segue.ready.url, [shot], 1);
  while (await isOpen(stage.pool));
  const elapsed = performance.now() - started;
  return elapsed - (Number(await stage.fakes.ask({ ask: 'busyMs' })) - before);
}

async function isOpen(pool: Pool): Promise<boolean> {
  const { rows } = await sql`select 1 from work limit 1`.execute(pool.db);
  return rows.length > 0;
}

/** What the machine itself takes for one durable commit of one row. */
async function commitTimes(pool: Pool): Promise<number[]> {
  await sql`create table if not exists bench_commit (at timestamptz)`.execute(pool.db);
  const times: number[] = [];
  for (let at = 0; at < 300; at++) {
    const started = performance.now();
    await sql`insert into bench_commit values (now())`.execute(pool.db);
    times.push(performance.now() - started);
  }
  return times;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0) * 10) / 10;
}
