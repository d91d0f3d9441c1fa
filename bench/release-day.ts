/**
 * `npm run bench -- release-day`: 500,000 promised saves on three services, lanes wide, with the process
 * killed in the middle; then 20,000 with the providers' limits on, where the time that the release-day
 * page foretells is held against the time taken. Fewer: `BENCH_SAVES=20000`, `BENCH_LIMITED=1000`.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ReleaseDay } from '#releases/day/contract.ts';
import { type Child, peakMb, residentMb } from './burst/child.ts';
import { median, round2 } from './burst/round.ts';
import { untilDone } from './burst/stage.ts';
import { type Counts, type Service, services } from './release-day/wire.ts';
import { setStage, type Stage } from './release-day/stage.ts';

const saves = Number(process.env['BENCH_SAVES'] ?? 500_000);
const limited = Number(process.env['BENCH_LIMITED'] ?? 20_000);

export async function releaseDay(isJson: boolean): Promise<void> {
  const wide = await measureWide();
  const narrow = await measureLimited();
  const report = { wide, limited: narrow };
  process.stdout.write(isJson ? `${JSON.stringify(report)}\n` : wordsOf(report));
}

type Report = {
  wide: Awaited<ReturnType<typeof measureWide>>;
  limited: Awaited<ReturnType<typeof measureLimited>>;
};

/** Everything at once, and the plug pulled when half is done. */
async function measureWide() {
  const people = split(saves, { spotify: 1, tidal: 1, soundcloud: 1 });
  const stage = await setStage(people, false);
  try {
    tell(`${saves} saves are promised`);
    const begun = performance.now();
    const first = await stage.startSegue();
    const before = await watch(stage, first, saves / 2);
    process.kill(first.pid, 'SIGKILL');
    const killed = performance.now();
    const atKill = total(await stage.counts());
    const second = await stage.startSegue();
    while (total(await stage.counts()) === atKill) await wait(20);
    const resumedMs = performance.now() - killed;
    const after = await watch(stage, second, saves);
    await untilDone(stage.pool);
    const seconds = (performance.now() - begun) / 1_000;
    const counts = await stage.counts();
    const libraries = await inLibraries(stage, people);
    await second.stop();
    return {
      saves,
      seconds: round2(seconds),
      savesASecond: Math.round(saves / seconds),
      resumedMs: Math.round(resumedMs),
      inLibraries: libraries,
      lost: saves - libraries,
      repeatedCalls: sum(counts, 'repeated'),
      refused: sum(counts, 'refused'),
      memoryMb: { before, after },
    };
  } finally {
    await stage.close();
  }
}

/** As fast as the providers let pass: is it as fast as the artist was told? */
async function measureLimited() {
  // In proportion to the lanes, so that all services are busy to the end.
  const people = split(limited, { spotify: 20, tidal: 10, soundcloud: 10 });
  const stage = await setStage(people, true);
  try {
    tell(`${limited} saves are promised, and the providers' limits are on`);
    const segue = await stage.startSegue();
    const foretold = await readDay(stage, segue);
    const asked = Date.now();
    await watch(stage, segue, limited);
    await untilDone(stage.pool);
    const counts = await stage.counts();
    const libraries = await inLibraries(stage, people);
    await segue.stop();
    return {
      saves: limited,
      lost: limited - libraries,
      repeatedCalls: sum(counts, 'repeated'),
      refused: sum(counts, 'refused'),
      services: services.map((service) => {
        const told = foretold.services.find((one) => one.service === service)?.secondsLeft ?? 0;
        const took = (counts[service].lastAt - asked) / 1_000;
        return {
          service,
          saves: people[service],
          told: round2(told),
          took: round2(took),
          offBy: round2(took / told - 1),
        };
      }),
    };
  } finally {
    await stage.close();
  }
}

/** By weight, nothing left over. */
function split(count: number, weights: Record<Service, number>): Record<Service, number> {
  const all = services.reduce((sofar, one) => sofar + weights[one], 0);
  const tidal = Math.round((count * weights.tidal) / all);
  const soundcloud = Math.round((count * weights.soundcloud) / all);
  return { spotify: count - tidal - soundcloud, tidal, soundcloud };
}

const sum = (counts: Record<Service, Counts>, what: 'people' | 'repeated' | 'refused') =>
  services.reduce((all, service) => all + counts[service][what], 0);
const total = (counts: Record<Service, Counts>) => sum(counts, 'people');

/** Until so many are saved; resident memory of the first and last quarter of the time, and its peak, MB. */
async function watch(stage: Stage, segue: Child<unknown>, until: number) {
  const resident: number[] = [];
  for (let at = 0; ; at++) {
    const done = total(await stage.counts());
    resident.push(residentMb(segue.pid));
    if (at % 30 === 0) tell(`${done} saved, ${resident.at(-1)} MB`);
    if (done >= until) break;
    await wait(500);
  }
  const quarter = Math.ceil(resident.length / 4);
  return {
    first: median(resident.slice(0, quarter)),
    last: median(resident.slice(-quarter)),
    peak: peakMb(segue.pid),
  };
}

async function inLibraries(stage: Stage, people: Record<Service, number>): Promise<number> {
  let all = 0;
  for (const service of services) all += await stage.saved(service, people[service]);
  return all;
}

async function readDay({ project }: Stage, segue: Child<{ url: string }>): Promise<ReleaseDay> {
  const { key, releaseId } = project;
  const response = await fetch(`${segue.ready.url}/api/v1/releases/${releaseId}/day`, {
    headers: { authorization: `Bearer ${key}` },
  });
  if (!response.ok) throw new Error(`the release day: ${response.status}`);
  return (await response.json()) as ReleaseDay; // the API's own answer; only numbers are read of it
}

/** Progress goes where results do not. */
const tell = (words: string) => void process.stderr.write(`${words}\n`);

function wordsOf({ wide, limited: narrow }: Report): string {
  const { before, after } = wide.memoryMb;
  return [
    `${wide.saves} saves on three services: ${wide.seconds} s, ${wide.savesASecond} a second, kill and start included`,
    `  killed in the middle: saving again after ${wide.resumedMs} ms`,
    `  in libraries ${wide.inLibraries}, lost ${wide.lost}, calls repeated ${wide.repeatedCalls}, refused ${wide.refused}`,
    `  resident before the kill ${before.first} → ${before.last} MB (peak ${before.peak}), after it ${after.first} → ${after.last} MB (peak ${after.peak})`,
    `${narrow.saves} saves with limits on: lost ${narrow.lost}, calls repeated ${narrow.repeatedCalls}, refused ${narrow.refused}`,
    ...narrow.services.map(
      (one) =>
        `  ${one.service.padEnd(10)} ${String(one.saves).padStart(6)} saves: foretold ${one.told} s, took ${one.took} s (${(one.offBy * 100).toFixed(0)} %)`,
    ),
    '',
  ].join('\n');
}
