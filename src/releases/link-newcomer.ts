import { sql } from 'kysely';
import { transaction, type Db, type Tx } from '#db/database.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import { newId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';
import { storeGrant, type NewGrant } from './grants.ts';
import type { NewPurpose } from './purposes.ts';

/**
 * Stores the authorisation of somebody who signed in from a public page, and answers with who she is:
 * the fan who has linked this very account before, else a new one. Safe when both tabs of one person
 * come back at once: her account is an address, and an address has one fan.
 */
export async function linkNewcomer(
  db: Db,
  sealer: Sealer,
  { language, ...grant }: Omit<NewGrant, 'fanId'> & { language?: string | undefined },
  purposes: readonly NewPurpose[],
): Promise<string> {
  return transaction(db, async (tx) => {
    const { projectId, authorisedAt: now } = grant;
    const fanId = (await findByAccount(tx, grant)) ?? (await makeFan(tx, grant, now));
    if (language !== undefined) await noteLanguage(tx, projectId, fanId, language);
    await storeGrant(tx, sealer, { ...grant, fanId }, purposes);
    return fanId;
  });
}

type Account = Pick<NewGrant, 'projectId' | 'service' | 'providerAccount'>;

/** A service that does not say who signed in knows nobody again. */
async function findByAccount(tx: Tx, { projectId, service, providerAccount }: Account) {
  if (providerAccount === '') return undefined;
  const { rows } = await sql<{ fanId: string }>`
    select fan_id as "fanId" from streaming_grant
     where project_id = ${projectId} and service = ${service} and provider_account = ${providerAccount}
       and state <> 'revoked' order by authorised_at desc limit 1`.execute(tx);
  return rows[0]?.fanId;
}

async function makeFan(tx: Tx, { projectId, service, providerAccount }: Account, now: Date): Promise<string> {
  if (providerAccount === '') {
    const id = newId();
    await sql`insert into fan (project_id, id, created_at) values (${projectId}, ${id}, ${now})`.execute(tx);
    return id;
  }
  const address = `${service}:${providerAccount}`;
  const fanId = (await resolveFans(tx, projectId, 'account', [address], now)).get(address);
  if (fanId === undefined) throw new Error('a fan was erased while she signed in');
  return fanId;
}

/** What she reads the page in, until something better is known. */
async function noteLanguage(tx: Tx, projectId: string, fanId: string, language: string): Promise<void> {
  await sql`
    update fan set language = ${language}
     where project_id = ${projectId} and id = ${fanId} and language is null`.execute(tx);
}
