/**
 * `npm run bench -- burst`: ten thousand fans text the keyword at once, through the signed webhook, to
 * a flow of four provider calls. Beside it the floor: the same texts to a bare server that makes the
 * same calls and keeps nothing. Alternating, medians of three.
 */
import { peakMb, startChild, type Child } from './burst/child.ts';
import { fire, makeShots } from './burst/load.ts';
import { costOfRules } from './burst/rules.ts';
import { median, round2, rounds, segueRound, targetOf, texts, window, type Round } from './burst/round.ts';
import { number, phonesFrom, setStage, untilDone, type Stage } from './burst/stage.ts';

export async function burst(isJson: boolean): Promise<void> {
  const stage = await setStage();
  const floor = await startChild<{ url: string }>(new URL('burst/floor.ts', import.meta.url));
  const segue = await stage.startSegue();
  const floors: number[] = [];
  const results: Round[] = [];
  try {
    await warmUp(stage, segue, floor);
    for (let round = 1; round <= rounds; round++) {
      floors.push(await floorRound(stage, floor, round));
      results.push(await segueRound(stage, segue, round));
      say(
        isJson,
        `round ${round}: floor ${rate(floors.at(-1) ?? 0)}/s, Segue ${rate(results.at(-1)?.seconds ?? 0)}/s`,
      );
    }
    await report(stage, segue, floors, results, isJson);
  } finally {
    await segue.stop();
    await floor.stop();
    await stage.close();
  }
}

const rate = (seconds: number) => Math.round(texts / seconds);

async function warmUp(stage: Stage, segue: Child<{ url: string }>, floor: Child<{ url: string }>) {
  const phones = phonesFrom(4_000_000, 1_000);
  const tokens = await stage.addFans(phones);
  await floor.ask(floorSetup(stage, tokens));
  await fire(floor.ready.url, makeShots(targetOf(stage, floor.ready.url, '/texts'), phones, 90), window);
  await fire(segue.ready.url, makeShots(targetOf(stage, segue.ready.url), phones, 91), window);
  await untilDone(stage.pool);
}

function floorSetup(stage: Stage, tokens: Map<string, string>) {
  const { sms, music } = stage.fakes.ready;
  const { album, artist } = stage.seeded;
  return { sms, music, ...stage.sms, number, album, artist, tokens };
}

async function floorRound(stage: Stage, floor: Child<{ url: string }>, round: number): Promise<number> {
  const phones = phonesFrom(1_000_000 + round * texts, texts);
  const tokens = (await stage.fakes.ask({ ask: 'grants', users: phones })) as { accessToken: string }[];
  await floor.ask(
    floorSetup(stage, new Map(phones.map((phone, at) => [phone, tokens[at]?.accessToken ?? '']))),
  );
  const shots = makeShots(targetOf(stage, floor.ready.url, '/texts'), phones, round);
  const started = performance.now();
  await fire(floor.ready.url, shots, window);
  return (performance.now() - started) / 1000;
}

async function report(
  stage: Stage,
  segue: Child<{ url: string }>,
  floors: readonly number[],
  results: readonly Round[],
  isJson: boolean,
) {
  const receivers = (await stage.fakes.ask({ ask: 'texts' })) as string[];
  const expected = new Set(
    Array.from({ length: rounds }, (_, at) => phonesFrom((at + 1) * texts, texts)).flat(),
  );
  const got = receivers.filter((phone) => expected.has(phone));
  const floorPerSecond = median(floors.map((seconds) => texts / seconds));
  const flowsPerSecond = median(results.map(({ seconds }) => texts / seconds));
  const summary = {
    flowsPerSecond: Math.round(flowsPerSecond),
    floorPerSecond: Math.round(floorPerSecond),
    ratioToFloor: round2(flowsPerSecond / floorPerSecond),
    duplicates: got.length - new Set(got).size,
    losses: expected.size - new Set(got).size,
    refused: results.reduce((sum, one) => sum + one.refused, 0),
    peakMb: peakMb(segue.pid),
    commitsPerRun: round2(median(results.map((one) => one.commits))),
    cpuMsPerRun: {
      segue: round2(median(results.map((one) => one.cpuMs.segue))),
      database: round2(median(results.map((one) => one.cpuMs.database))),
    },
    microsByRule: await costOfRules(),
  };
  for (const [name, value] of Object.entries(summary))
    say(isJson, `${name.padEnd(18)} ${JSON.stringify(value)}`);
  if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
}

function say(isJson: boolean, line: string) {
  (isJson ? process.stderr : process.stdout).write(`${line}\n`);
}
