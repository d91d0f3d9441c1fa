/**
 * npm run rotate-key
 *
 * Seals with SECRET_KEY what SECRET_KEY_PREVIOUS has sealed: grants, connections, webhook secrets, messages.
 * Runs beside Segue, whose processes need both keys by then. Stopped in the middle it is run again.
 */
import { createPool } from '#db/pool.ts';
import { createSealer } from '#lib/seal.ts';
import { readEnv } from '../src/env.ts';
import { rotateKey } from '../src/rotate-key.ts';

try {
  const resealed = await rotate();
  console.log(
    resealed === 0
      ? 'Nothing was left to do: everything is sealed with SECRET_KEY.'
      : `Done: ${resealed} sealed again with SECRET_KEY.`,
  );
  console.log('Keep SECRET_KEY_PREVIOUS: links sent before, and evidence of erased addresses, need it.');
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function rotate(): Promise<number> {
  const { databaseUrl, secretKey, previousSecretKey } = readEnv(process.env);
  if (databaseUrl === null)
    throw new Error('DATABASE_URL is missing: set it as for the Segue that is running.');
  if (secretKey === null || previousSecretKey === null)
    throw new Error(
      'SECRET_KEY_PREVIOUS is missing: give the new key as SECRET_KEY and the one used until now as SECRET_KEY_PREVIOUS.',
    );
  if (secretKey.equals(previousSecretKey))
    throw new Error('SECRET_KEY and SECRET_KEY_PREVIOUS are the same key: there is nothing to change to.');
  const pool = createPool({ url: databaseUrl, max: 1, applicationName: 'segue rotate-key' });
  try {
    return await rotateKey({
      db: pool.db,
      sealer: createSealer([secretKey, previousSecretKey]),
      keys: { current: secretKey, previous: previousSecretKey },
      onDone: (place, resealed) => console.log(`${place}: ${resealed}`),
    });
  } finally {
    await pool.close();
  }
}
