import { createApiKey } from '#accounts/create.ts';
import type { Db } from '#db/database.ts';
import type { WallClock } from '#lib/clock.ts';
import type { Sealer } from '#lib/seal.ts';
import { keepDemoKey, readDemo } from './store.ts';

const name = 'Demo';

/**
 * The demo's key: the one given, or the one generated at the first start, kept sealed since every
 * start shows it. A key that was the demo's before ends.
 */
export async function ensureDemoKey(
  deps: { sealer: Sealer; wall: WallClock; apiKey: string | null },
  db: Db,
  projectId: string,
): Promise<string> {
  const { sealer, wall, apiKey } = deps;
  const known = apiKey ?? unseal(sealer, (await readDemo(db)).sealedKey);
  const { keyId, key } = await createApiKey(db, { projectId, name, ...(known !== null && { key: known }) });
  if (apiKey === null && known === null) await keepDemoKey(db, sealer.seal(key));
  await db
    .updateTable('api_key')
    .set({ revoked_at: wall.now() })
    .where('project_id', '=', projectId)
    .where('name', '=', name)
    .where('id', '<>', keyId)
    .where('revoked_at', 'is', null)
    .execute();
  // A key that was replaced before and is given again.
  await db
    .updateTable('api_key')
    .set({ revoked_at: null })
    .where('project_id', '=', projectId)
    .where('id', '=', keyId)
    .where('revoked_at', 'is not', null)
    .execute();
  return key;
}

/** Null also for a key sealed with a secret that is gone: then there is a new one. */
function unseal(sealer: Sealer, sealed: Buffer | null): string | null {
  if (sealed === null) return null;
  try {
    return sealer.unseal(sealed);
  } catch {
    return null;
  }
}
