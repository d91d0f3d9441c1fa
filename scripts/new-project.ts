/**
 * npm run new-project -- "Artist name" [--live] [--legal-sender NAME] [--contact WHERE] [--zone ZONE]
 *
 * An account, a project, an API key and a link to sign in, in the database of `DATABASE_URL`, for who
 * runs Segue without its sandbox. Every call makes new ones. Prints the key, which is kept nowhere else.
 */
import { parseArgs } from 'node:util';
import { createAccount, createApiKey, createProject } from '#accounts/create.ts';
import { transaction } from '#db/database.ts';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import { createSignIn } from '#people/sign-in-links.ts';
import { publicUrlOf, readEnv } from '../src/env.ts';

const usage =
  'Usage: npm run new-project -- "Artist name" [--live] [--legal-sender NAME] [--contact "e-mail or address"] [--zone America/New_York]';

interface Wanted {
  name: string;
  isLive: boolean;
  legalSender?: string;
  contact?: string;
  zone?: string;
}

try {
  console.log(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(args: string[]): Promise<string> {
  const wanted = readArgs(args);
  const env = readEnv(process.env);
  const { databaseUrl } = env;
  if (databaseUrl === null) {
    throw new Error(
      'DATABASE_URL is missing: set it, and SECRET_KEY, as for the Segue that is to serve this project.',
    );
  }
  const pool = createPool({ url: databaseUrl, max: 2, applicationName: 'segue new-project' });
  try {
    await migrate(pool.pg);
    return await transaction(pool.db, async (tx) => {
      const { accountId } = await createAccount(tx, { name: wanted.name });
      const { projectId, slug } = await createProject(tx, { accountId, ...wanted });
      const { key } = await createApiKey(tx, { projectId, name: 'First key' });
      const { token } = await createSignIn(tx, { accountId, now: new Date() });
      return [
        `Project  ${projectId} (${slug}, ${wanted.isLive ? 'live: it texts and saves for real' : 'test: nothing leaves the machine'})`,
        `API key  ${key}`,
        `Sign in  ${publicUrlOf(env, env.port)}/sign-in/${token} (once, within 15 minutes)`,
        'The key is shown this once. Another link: npm run sign-in -- ' + slug,
      ].join('\n');
    });
  } finally {
    await pool.close();
  }
}

function readArgs(args: string[]): Wanted {
  const { values, positionals } = parse(args);
  const name = positionals.join(' ').trim();
  if (name === '') throw new Error(usage);
  const { live = false, contact, zone } = values;
  if (zone !== undefined && !isZone(zone)) {
    throw new Error(`--zone is “${zone}”, which is no time zone such as America/New_York.`);
  }
  const legalSender = values['legal-sender'];
  return {
    name,
    isLive: live,
    ...(legalSender !== undefined && { legalSender }),
    ...(contact !== undefined && { contact }),
    ...(zone !== undefined && { zone }),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        live: { type: 'boolean' },
        'legal-sender': { type: 'string' },
        contact: { type: 'string' },
        zone: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
