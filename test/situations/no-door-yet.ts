import pg from 'pg';
import type { Stage } from './stage.ts';

/** What has no address of its own yet: the inbox, the project's settings, a service's refusal. */

/** As `reason: text`, oldest first. */
export async function inboxOf({ demo, databaseUrl }: Stage): Promise<string[]> {
  const found = await query(
    databaseUrl,
    'select reason, body from inbox_message where project_id = $1 order by id',
    [demo['projectId']],
  );
  return found.map((row) => `${String(row['reason'])}: ${String(row['body'])}`);
}

/** The app reads a project's settings again within a second. */
export async function switchCountriesOn({ demo, databaseUrl }: Stage, countries: string[]): Promise<void> {
  await query(databaseUrl, 'update project set countries = $2 where id = $1', [demo['projectId'], countries]);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

/** As if the service had refused all of them. */
export async function failSaves({ demo, databaseUrl }: Stage): Promise<void> {
  const failing =
    "update save set state = 'failed', reason = 'refused', performed_at = null where project_id = $1";
  await query(databaseUrl, failing, [demo['projectId']]);
}

async function query(url: string, text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}
