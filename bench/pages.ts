/**
 * `npm run bench -- pages [--json]`: a landing page and its sign-up form at 50 connections on one process,
 * beside a bare server that answers the same bytes. Both alternate three times; medians.
 */
import { sql } from 'kysely';
import { startChild } from './burst/child.ts';
import { median, round2, rounds } from './burst/round.ts';
import { phonesFrom, setStage, untilDone } from './burst/stage.ts';
import type { Answer } from './pages/bare.ts';
import { copyAnswer, visitAll, type Load, type Visit } from './pages/load.ts';
import { fillIn, publishRelease, publishSignUps } from './pages/projects.ts';

const connections = 50;
const views = Number(process.env['BENCH_REQUESTS'] ?? 3_000);
const signUps = Math.ceil(views / 4);
/** Of a project an hour, a little below what it takes. */
const ofProject = 90;

interface Round {
  segue: Load;
  bare: Load;
}

export async function pages(isJson: boolean): Promise<void> {
  const say = (line: string) => (isJson ? process.stderr : process.stdout).write(`${line}\n`);
  const stage = await setStage();
  process.env['TRUST_PROXY'] = 'on';
  const segue = await stage.startSegue();
  const bare = await startChild<{ url: string }>(new URL('pages/bare.ts', import.meta.url));
  try {
    const { url } = segue.ready;
    const shown = await publishRelease(stage.pool.db, stage.seeded);
    const count = Math.ceil((signUps * (rounds + 1)) / ofProject);
    const projects = await publishSignUps(stage.pool.db, stage.seeded, count);
    const phones = phonesFrom(0, signUps * (rounds + 1) + 1);
    const [first, ...forms] = await fillIn(url, stage.secretKey, projects, phones);
    if (first === undefined) throw new Error('there is nobody to sign up');
    const view: Visit = { method: 'GET', path: shown.path, headers: { 'accept-language': 'en' } };
    const answers = { get: await copyAnswer(url, view), post: await copyAnswer(url, first) };
    await bare.ask(answers);
    const results = { page: [] as Round[], signUp: [] as Round[] };
    for (let round = 0; round <= rounds; round++) {
      const looks = Array.from({ length: views }, () => view);
      const some = forms.slice(round * signUps, (round + 1) * signUps);
      const page = await inTurn(url, bare.ready.url, looks, answers.get);
      const signUp = await inTurn(url, bare.ready.url, some, answers.post);
      await untilDone(stage.pool);
      // The first of all warms up.
      if (round === 0) continue;
      results.page.push(page);
      results.signUp.push(signUp);
      say(`round ${round}: page ${said(page)}; sign-up ${said(signUp)}`);
    }
    const lost = phones.length - (await countAgreed(stage.pool.db));
    const summary = {
      pageBytes: Buffer.byteLength(answers.get.body),
      page: sumUp(results.page),
      signUp: sumUp(results.signUp),
      lost,
    };
    for (const [name, value] of Object.entries(summary)) say(`${name.padEnd(10)} ${JSON.stringify(value)}`);
    if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
  } finally {
    await bare.stop();
    await segue.stop();
    await stage.close();
  }
}

/** Segue, then the bare server, with the same visits. */
async function inTurn(
  segueUrl: string,
  bareUrl: string,
  visits: readonly Visit[],
  answer: Answer,
): Promise<Round> {
  // A page differs from visit to visit in its stamp alone.
  const isRight = (status: number, body: string) =>
    status === answer.status && Math.abs(body.length - answer.body.length) < 64;
  const segue = await visitAll(segueUrl, visits, connections, isRight);
  const bare = await visitAll(bareUrl, visits, connections, isRight);
  return { segue, bare };
}

const said = ({ segue, bare }: Round) =>
  `${Math.round(segue.perSecond)}/s (p99 ${round2(segue.p99Ms)} ms, ${segue.wrong} wrong), bare ${Math.round(bare.perSecond)}/s`;

function sumUp(done: readonly Round[]) {
  const of = (read: (round: Round) => number) => round2(median(done.map(read)));
  return {
    perSecond: of(({ segue }) => segue.perSecond),
    p50Ms: of(({ segue }) => segue.p50Ms),
    p99Ms: of(({ segue }) => segue.p99Ms),
    barePerSecond: of(({ bare }) => bare.perSecond),
    bareP99Ms: of(({ bare }) => bare.p99Ms),
    ratio: of(({ segue, bare }) => segue.perSecond / bare.perSecond),
    wrong: done.reduce((sum, { segue, bare }) => sum + segue.wrong + bare.wrong, 0),
  };
}

/** Consents by a form, confirmed or not yet: one for each sign-up that was answered. */
async function countAgreed(db: Parameters<typeof publishRelease>[0]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from consent where method = 'web'`.execute(db);
  return rows[0]?.count ?? 0;
}
