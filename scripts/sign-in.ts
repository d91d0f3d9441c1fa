/**
 * npm run sign-in -- short-name
 *
 * A link that signs in the owner of a project's account, once, within 15 minutes: for who runs Segue and
 * for an owner who lost her password. The short name is the one in the project's addresses.
 */
import { createPool } from '#db/pool.ts';
import { createSignIn } from '#people/sign-in-links.ts';
import { publicUrlOf, readEnv } from '../src/env.ts';

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main([slug]: string[]): Promise<string> {
  if (slug === undefined) throw new Error('Usage: npm run sign-in -- short-name-of-a-project');
  const env = readEnv(process.env);
  if (env.databaseUrl === null)
    throw new Error('DATABASE_URL is missing. Without it, `npm start` prints a link by itself.');
  const pool = createPool({ url: env.databaseUrl, max: 1, applicationName: 'segue sign-in' });
  try {
    const project = await pool.db
      .selectFrom('project')
      .select('account_id')
      .where('slug', '=', slug)
      .executeTakeFirst();
    if (project === undefined) throw new Error(`No project has the short name “${slug}”.`);
    const { token } = await createSignIn(pool.db, { accountId: project.account_id, now: new Date() });
    return `${publicUrlOf(env, env.port)}/sign-in/${token}`;
  } finally {
    await pool.close();
  }
}
