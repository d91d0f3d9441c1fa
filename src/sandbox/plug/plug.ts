import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import type { SmsFake } from '#connectors/connector.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import type { PlugAnswer } from '../contract.ts';
import { describeDock } from '../dock.ts';
import { isSmsFake, type SandboxFakes, type ServedFake } from '../fakes.ts';
import { waitUntilIdle } from '../idle.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import type { Detour } from './detour.ts';

/** Another process of this Segue, with the same database, that may be killed. */
export interface SpareWorker {
  pid: number;
  /** Where it takes webhooks. */
  localUrl: string;
  /** At once and without a word, as when the power goes. */
  kill(): void;
}
export type StartWorker = () => Promise<SpareWorker>;

export interface PlugDeps {
  db: Db;
  fakes: SandboxFakes;
  locate: LocateNumber;
  wall: WallClock;
  detour: Detour;
  startWorker: StartWorker;
}

/** More than a number may send at once, so that some wait their turn however fast the machine is. */
const textCount = 48;
const killAfter = 20;
const killAtLatestMs = 15_000;
/** A dead process's work is taken over after seconds; a call nobody knows the end of is looked for. */
const giveUpMs = 90_000;
const pollMs = 25;

const nothingYet: PlugAnswer = {
  state: 'none',
  texts: 0,
  arrived: 0,
  killedAt: null,
  arrivedBefore: 0,
  pid: null,
  lost: null,
  twice: null,
  problem: null,
};

/**
 * Pulls the plug of a worker in the middle of a burst of texts, for a person who looks on. The worker
 * is a real process and is killed by `SIGKILL`; what is counted is what the carrier delivered to the
 * phones. One burst a project at a time: asking again while one is under way starts no other.
 */
export function createPlug(deps: PlugDeps) {
  const bursts = new Map<string, PlugAnswer>();
  return {
    look: (projectId: string): PlugAnswer => bursts.get(projectId) ?? nothingYet,
    async pull(projectId: string): Promise<PlugAnswer> {
      const known = bursts.get(projectId);
      if (known !== undefined && !['done', 'failed'].includes(known.state)) return known;
      const burst: PlugAnswer = { ...nothingYet, state: 'starting', texts: textCount };
      const stage = await findStage(deps, projectId);
      bursts.set(projectId, burst);
      void play(deps, projectId, stage, burst).catch((error: unknown) => {
        burst.state = 'failed';
        burst.problem = error instanceof Error ? error.message : String(error);
      });
      return burst;
    },
  };
}

interface Stage {
  carrier: ServedFake & { fake: SmsFake };
  number: string;
  keyword: string;
  phones: string[];
}

async function findStage(deps: PlugDeps, projectId: string): Promise<Stage> {
  const { numbers, keyword } = await describeDock(deps, projectId);
  const [number] = numbers;
  const carrier = (await deps.fakes.ofProject(projectId)).find(isCarrier);
  if (number === undefined || keyword === null || carrier === undefined)
    throw new UserError(
      422,
      'invalid',
      'There is nothing to text: start a flow that pre-saves when a keyword is texted.',
    );
  return { carrier, number, keyword, phones: await freePhones(deps.db, projectId) };
}

function isCarrier(served: ServedFake): served is Stage['carrier'] {
  return isSmsFake(served.fake);
}

/** Numbers kept for fiction that are nobody's yet: each pull has phones of its own. */
async function freePhones(db: Db, projectId: string): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select '+1' || area || '55501' || lpad(line::text, 2, '0') as number
      from unnest(array[202, 206, 213, 305, 312, 323, 404, 415, 503, 602, 615, 702]) as area,
           generate_series(0, 99) as line
    except select value from address where project_id = ${projectId} and channel = 'sms'
     order by number limit ${textCount}`.execute(db);
  return rows.map((row) => row.number);
}

async function play(deps: PlugDeps, projectId: string, stage: Stage, burst: PlugAnswer): Promise<void> {
  const { carrier, number, keyword, phones } = stage;
  const worker = await deps.startWorker();
  burst.pid = worker.pid;
  try {
    deps.detour.send(carrier.connectionId, worker.localUrl);
    burst.state = 'sending';
    const sent = Promise.all(
      phones.map((from) => carrier.fake.receiveText({ from, to: number, body: keyword })),
    );
    await until(async () => (await count(stage, burst)).arrived >= killAfter, killAtLatestMs);
    worker.kill();
    burst.killedAt = deps.wall.now().toISOString();
    burst.arrivedBefore = burst.arrived;
    burst.state = 'recovering';
    await sent;
  } finally {
    worker.kill();
    deps.detour.send(carrier.connectionId, null);
  }
  await until(async () => (await count(stage, burst)).arrived >= textCount, giveUpMs);
  // Whatever would come a second time comes now.
  await waitUntilIdle(deps.db, projectId, async () => [carrier.fake], giveUpMs);
  const { lost, twice } = await count(stage, burst);
  Object.assign(burst, { lost, twice, state: 'done' });
}

/** By phone: none of them had a text before. */
async function count({ carrier, phones }: Stage, burst: PlugAnswer) {
  const lists = await Promise.all(
    phones.map((phone) => carrier.fake.texts({ number: phone, direction: 'in' })),
  );
  const answers = lists.map((list) => list.length);
  burst.arrived = answers.filter((one) => one > 0).length;
  return {
    arrived: burst.arrived,
    lost: answers.filter((one) => one === 0).length,
    twice: answers.reduce((sum, one) => sum + Math.max(0, one - 1), 0),
  };
}

async function until(isSo: () => Promise<boolean>, atLatestMs: number): Promise<void> {
  const end = performance.now() + atLatestMs;
  while (performance.now() < end && !(await isSo())) await wait(pollMs);
}
