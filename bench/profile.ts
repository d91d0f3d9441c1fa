/**
 * `npm run bench -- profile`: one burst with the database's statement statistics on and Node's CPU
 * profile written beside it: where a run's time goes. Slower than `burst`; read shares, not speed.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { cpuSeconds } from './burst/child.ts';
import { fire, makeShots } from './burst/load.ts';
import { number, phonesFrom, setStage, untilDone } from './burst/stage.ts';

const texts = Number(process.env['BENCH_TEXTS'] ?? 6_000);
const out = fileURLToPath(new URL('out/', import.meta.url));

interface Statement {
  query: string;
  calls: number;
  ms: number;
  rows: number;
}

export async function profile(): Promise<void> {
  mkdirSync(out, { recursive: true });
  const stage = await setStage({
    shared_preload_libraries: 'pg_stat_statements',
    'pg_stat_statements.track_planning': 'on',
  });
  await sql`create extension pg_stat_statements`.execute(stage.pool.db);
  const segue = await stage.startSegue(['--cpu-prof', `--cpu-prof-dir=${out}`]);
  try {
    const target = {
      publicUrl: segue.ready.url,
      path: `/webhooks/twilio/${stage.seeded.smsConnectionId}`,
      authToken: stage.sms.authToken,
      number,
    };
    const phones = phonesFrom(0, texts);
    await stage.addFans(phones);
    await sql`select pg_stat_statements_reset()`.execute(stage.pool.db);
    const before = cpuSeconds([segue.pid]);
    const started = performance.now();
    await fire(segue.ready.url, makeShots(target, phones, 1), 256);
    await untilDone(stage.pool);
    const seconds = (performance.now() - started) / 1000;
    const cpuMs = ((cpuSeconds([segue.pid]) - before) * 1000) / texts;
    console.log(`${Math.round(texts / seconds)} flows a second, ${cpuMs.toFixed(2)} ms of CPU each`);
    const { rows } = await sql<Statement>`
      select query, calls::int, (total_exec_time + total_plan_time)::float8 as ms, rows::int from pg_stat_statements
       order by total_exec_time + total_plan_time desc limit 60`.execute(stage.pool.db);
    console.log('us/run  calls/run  rows/run  statement');
    for (const { query, calls, ms, rows: touched } of rows) {
      const text = query.replaceAll(/\s+/g, ' ').slice(0, 110);
      const columns = [
        ((ms * 1000) / texts).toFixed(1).padStart(6),
        (calls / texts).toFixed(3).padStart(9),
        (touched / texts).toFixed(2).padStart(8),
      ];
      console.log(`${columns.join('  ')}  ${text}`);
    }
  } finally {
    await segue.stop();
    await stage.close();
  }
  reportCpu();
}

/** Own time by function, of the newest profile. */
function reportCpu() {
  const file = readdirSync(out)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .at(-1);
  if (file === undefined) return;
  // As: Node's own format.
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(out + file, 'utf8')) as {
    nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
    samples: number[];
    timeDeltas: number[];
  };
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'}  ${url.split('/').slice(-3).join('/')}:${lineNumber + 1}`,
    ]),
  );
  const own = new Map<string, number>();
  samples.forEach((id, at) => {
    const name = names.get(id) ?? '';
    own.set(name, (own.get(name) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const total = [...own.values()].reduce((sum, one) => sum + one, 0);
  console.log('\nshare   own time in');
  for (const [name, us] of [...own].sort((a, b) => b[1] - a[1]).slice(0, 50)) {
    console.log(`${((us / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
  }
}
