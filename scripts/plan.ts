/**
 * npm run plan -- short-name [plan]
 *
 * Shows the plan of the account that a project belongs to, or gives it another: for who runs Segue for
 * others. Flows beyond the new plan are paused, the newest first, and named; nothing is deleted.
 */
import { planOf, plans } from '#accounts/plans.ts';
import { createPool } from '#db/pool.ts';
import { ProjectClocks } from '#engine/clocks.ts';
import { systemClock } from '#lib/clock.ts';
import { changePlan } from '#plans/change-plan.ts';
import { readEnv } from '../src/env.ts';

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main([slug, planId]: string[]): Promise<string> {
  if (slug === undefined) {
    throw new Error(`Usage: npm run plan -- short-name-of-a-project [${Object.keys(plans).join('|')}]`);
  }
  const env = readEnv(process.env);
  if (env.databaseUrl === null) throw new Error('DATABASE_URL is missing: the plan is kept there.');
  const pool = createPool({ url: env.databaseUrl, max: 1, applicationName: 'segue plan' });
  try {
    const account = await pool.db
      .selectFrom('project')
      .innerJoin('account', 'account.id', 'project.account_id')
      .select(['account.id', 'account.name', 'account.plan'])
      .where('project.slug', '=', slug)
      .executeTakeFirst();
    if (account === undefined) throw new Error(`No project has the short name “${slug}”.`);
    if (planId === undefined) return `${account.name}: ${planOf(account.plan).label}`;
    const clock = new ProjectClocks(pool.db, systemClock);
    await clock.refresh();
    const { paused } = await changePlan({ db: pool.db, clock }, account.id, planId, 'system');
    return [
      `${account.name}: ${planOf(planId).label}`,
      ...paused.map(({ projectName, name, reason }) => `Paused “${name}” of ${projectName} (${reason})`),
    ].join('\n');
  } finally {
    await pool.close();
  }
}
