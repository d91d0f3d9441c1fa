/**
 * npm run check-ledger
 *
 * Compares every balance of credits with the sum of its ledger and of the sends that have not ended (R84).
 * May run beside Segue. Ends with 1 where something does not fit.
 */
import { checkLedger, type LedgerError } from '#credits/check-ledger.ts';
import { createPool } from '#db/pool.ts';
import { readEnv } from '../src/env.ts';

try {
  const errors = await findErrors();
  for (const { projectId, account, scope, period, used, charged, reserved, open } of errors)
    console.log(
      `${projectId} ${account}${scope === null ? '' : ` budget ${scope}`} ${period}: used ${used}, ledger ${charged}; reserved ${reserved}, open sends ${open}`,
    );
  console.log(errors.length === 0 ? 'All balances fit their ledger.' : `${errors.length} do not fit.`);
  process.exitCode = errors.length === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function findErrors(): Promise<LedgerError[]> {
  const { databaseUrl } = readEnv(process.env);
  if (databaseUrl === null) throw new Error('DATABASE_URL is missing.');
  const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'segue check-ledger' });
  try {
    return await checkLedger(pool.db);
  } finally {
    await pool.close();
  }
}
