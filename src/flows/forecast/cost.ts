import { sql } from 'kysely';
import { currency, emailCredits, microsOf, smsCredits, type OwnPrices } from '#credits/prices.ts';
import type { Db } from '#db/database.ts';
import type { EditorDeps } from '../editor/facts.ts';
import { previewText, sampleName } from '../editor/preview.ts';
import type { Fate, Outcome } from './outcomes.ts';
import type { Asked, Forecast } from './population.ts';

export interface Range {
  min: number;
  max: number;
}

export type Cost = NonNullable<Forecast['steps'][number]['cost']>;

const nothing: Range = { min: 0, max: 0 };

/** Parts of one text of a step: the shortest and the longest of what its readers may get. */
export async function partsRange(
  deps: EditorDeps,
  projectId: string,
  { trigger, steps }: Asked,
  position: number,
): Promise<Range | null> {
  const names = await namesOf(deps.db, projectId, steps[position - 1]);
  const previews = await Promise.all(
    [sampleName, ...names].map((name) => previewText(deps, projectId, { trigger, steps, position }, name)),
  );
  const parts = previews.flatMap(({ readings }) => readings.map((one) => one.parts));
  return parts.length === 0 ? null : { min: Math.min(...parts), max: Math.max(...parts) };
}

/** R80: names decide how long a text is; the longest, and the longest that plain letters do not write. */
async function namesOf(
  db: Db,
  projectId: string,
  step: Asked['steps'][number] | undefined,
): Promise<string[]> {
  if (step === undefined || !JSON.stringify(step.config).includes('fan.name')) return [];
  const { rows } = await sql<{ name: string | null }>`
    (select name from fan where project_id = ${projectId} and name is not null
      order by char_length(name) desc, id limit 1)
    union
    (select name from fan where project_id = ${projectId} and name ~ '[^ -~]'
      order by char_length(name) desc, id limit 1)`.execute(db);
  return rows.flatMap(({ name }) => name ?? []);
}

/** What a text step costs: sure for who gets it now or later today, at most for who may get it yet. */
export function textCost(
  fates: readonly (Fate & { fans: number; country: string | null })[],
  parts: Range,
  prices: OwnPrices,
): Cost {
  const fans = { ...nothing };
  const credits = { ...nothing };
  for (const { status, fans: count, country } of fates) {
    if (status === 'skipped') continue;
    fans.max += count;
    credits.max += count * smsCredits(prices, country, parts.max);
    if (status === 'deferred') continue;
    fans.min += count;
    credits.min += count * smsCredits(prices, country, parts.min);
  }
  return { fans, parts, credits, micros: microsRange('sms', credits) };
}

export function mailCost(outcomes: readonly Outcome[]): Cost {
  const sent = outcomes.filter(({ status }) => status !== 'skipped').reduce((sum, { fans }) => sum + fans, 0);
  const fans = { min: sent, max: sent };
  const credits = { min: sent * emailCredits, max: sent * emailCredits };
  return { fans, parts: { min: 1, max: 1 }, credits, micros: microsRange('email', credits) };
}

function microsRange(account: 'sms' | 'email', { min, max }: Range): Range {
  return { min: microsOf(account, min), max: microsOf(account, max) };
}

export function totalOf(costs: readonly { account: 'sms' | 'email'; cost: Cost }[]): Forecast['total'] {
  const sum = (which: (cost: Cost) => Range, account?: 'sms' | 'email') =>
    costs
      .filter((one) => account === undefined || one.account === account)
      .map(({ cost }) => which(cost))
      .reduce((all, { min, max }) => ({ min: all.min + min, max: all.max + max }), nothing);
  return {
    sms: sum(({ credits }) => credits, 'sms'),
    email: sum(({ credits }) => credits, 'email'),
    micros: sum(({ micros }) => micros),
    currency,
  };
}
