import { sql } from 'kysely';
import type { ProjectFactsReader } from '#accounts/project-facts.ts';
import { transaction, type Tx } from '#db/database.ts';
import { isSendingStopped } from '#fans/is-sending-stopped.ts';
import type { WallClock } from '#lib/clock.ts';
import { UserError } from '#lib/errors.ts';
import type { LocateNumber } from '#messages/quiet-hours/zones.ts';
import { stepDefinition } from '../definition.ts';
import type { EditorDeps } from '../editor/facts.ts';
import { mailCost, partsRange, textCost, totalOf, type Cost } from './cost.ts';
import { mailFate, mailTrouble, readMailGroups, type MailGroup } from './mails.ts';
import { dmFates, segmentFates } from './others.ts';
import { tally } from './outcomes.ts';
import { countStarters, type Asked, type Forecast } from './population.ts';
import { streamingFates } from './streaming.ts';
import { readTextGroups, textFate, type TextContext, type TextGroup } from './texts.ts';

export interface ForecastDeps extends EditorDeps {
  projects: Pick<ProjectFactsReader, 'find'>;
  locate: LocateNumber;
  wall: WallClock;
}

type Step = Forecast['steps'][number];

/** What all steps of one forecast share; groups of fans are read once, and only where a step asks. */
interface Shared extends TextContext {
  deps: ForecastDeps;
  textGroups: () => Promise<TextGroup[]>;
  mailGroups: () => Promise<MailGroup[]>;
}

/**
 * If every fan of today did now what starts the flow: how many would start it, what would become of
 * each step for how many, and what its messages cost. Each question is one pass over all fans: half a
 * second for a hundred thousand, and a fan's outcomes are those of the requirements as they are now.
 * Changes nothing. It is an estimate: what fans do together (R109) and who links a service on the way
 * is not in it.
 */
export async function forecastFlow(deps: ForecastDeps, projectId: string, asked: Asked): Promise<Forecast> {
  const project = await deps.projects.find(projectId);
  if (project === undefined) throw new UserError(404, 'not_found', 'There is no such project.');
  const now = deps.clock.now(projectId);
  const clocks = { now, wallNow: deps.wall.now() };
  const connections = await deps.connections.ofProject(projectId);
  return transaction(deps.db, async (tx) => {
    await planForAll(tx);
    return forecastIn({ ...deps, db: tx }, { project, asked, connections, locate: deps.locate, now }, clocks);
  });
}

/** Whoever reads all fans joins by hashing, also where statistics are young and promise a handful. */
async function planForAll(tx: Tx): Promise<void> {
  await sql`select set_config('enable_nestloop', 'off', true), set_config('enable_mergejoin', 'off', true),
                   set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`.execute(tx);
}

async function forecastIn(
  deps: ForecastDeps,
  context: Omit<TextContext, 'isStopped'>,
  clocks: { now: Date; wallNow: Date },
): Promise<Forecast> {
  const { project, asked, now } = context;
  const { id: projectId } = project;
  const shared: Shared = {
    ...context,
    deps,
    isStopped: await isSendingStopped(deps.db, projectId),
    textGroups: once(() => readTextGroups(deps.db, project, asked, clocks)),
    mailGroups: once(() => readMailGroups(deps.db, project, asked, clocks)),
  };
  const [counts, steps] = await Promise.all([
    countStarters(deps.db, projectId, asked),
    Promise.all(asked.steps.map((_, at) => forecastStep(shared, at))),
  ]);
  const costs = steps.flatMap(({ step, cost }) =>
    cost === null ? [] : [{ account: stepDefinition(step).uses ?? 'sms', cost }],
  );
  return { at: now, ...counts, steps, total: totalOf(costs) };
}

async function forecastStep(shared: Shared, at: number) {
  const { deps, asked, project, connections, now } = shared;
  const step = asked.steps[at];
  if (step === undefined) throw new RangeError('there is no such step');
  const about = { position: at + 1, step: step.step };
  const { uses, group } = stepDefinition(step.step);
  if (uses === 'sms') return { ...about, ...(await forecastText(shared, at)) };
  if (uses === 'email') {
    const trouble = await mailTrouble(deps.db, project, connections, step, now);
    const groups = await shared.mailGroups();
    const outcomes = tally(groups.map((one) => ({ ...mailFate(shared, trouble, one), fans: one.fans })));
    return { ...about, outcomes, cost: mailCost(outcomes) };
  }
  const fates =
    group === 'streaming'
      ? await streamingFates(deps.db, project.id, asked, step, shared)
      : group === 'social'
        ? await dmFates(deps.db, project.id, asked, at, shared)
        : await segmentFates(deps.db, project.id, asked, step);
  return { ...about, outcomes: tally(fates), cost: null };
}

async function forecastText(shared: Shared, at: number): Promise<Pick<Step, 'outcomes' | 'cost'>> {
  const { deps, asked, project } = shared;
  const parts = await partsRange(deps, project.id, asked, at + 1);
  // Not written yet, or not to be filled in: the editor says so where it is written.
  if (parts === null) return { outcomes: [], cost: null };
  const fates = (await shared.textGroups()).map((group) => {
    const { place, ...fate } = textFate(shared, at, group);
    return { ...fate, fans: group.fans, country: place?.country ?? null };
  });
  const cost: Cost = textCost(fates, parts, project.textPrices);
  return { outcomes: tally(fates), cost };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= read());
}
