import { sql } from 'kysely';
import { writeAudit } from '#accounts/audit.ts';
import { transaction, type Db } from '#db/database.ts';
import { listPrices, unknownPrice, type OwnPrices } from './prices.ts';

export interface TextPrice {
  country: string;
  /** Of one part. */
  credits: number;
  /** Of the list; where the list has none, that of all other countries. */
  listCredits: number;
  isOwn: boolean;
}

/** What a part costs, by country: the list's, with the account's own in their place and beside them. */
export async function readTextPrices(db: Db, accountId: string): Promise<TextPrice[]> {
  const own = await readOwnPrices(db, accountId);
  const countries = new Set([...Object.keys(listPrices), ...Object.keys(own)]);
  return [...countries].toSorted().map((country) => {
    const listCredits = listPrices[country] ?? unknownPrice;
    return { country, credits: own[country] ?? listCredits, listCredits, isOwn: own[country] !== undefined };
  });
}

async function readOwnPrices(db: Db, accountId: string): Promise<OwnPrices> {
  const rows = await db
    .selectFrom('text_price')
    .select(['country', 'credits'])
    .where('account_id', '=', accountId)
    .execute();
  return Object.fromEntries(rows.map(({ country, credits }) => [country, credits]));
}

/**
 * Sets what one part to a country costs all projects of the account; null: what the list says. Texts that are
 * committed to from the next second on cost that; what was charged stays. Repeating it changes nothing.
 */
export async function setTextPrice(
  db: Db,
  { accountId, projectId, actor }: { accountId: string; projectId: string; actor: string },
  country: string,
  credits: number | null,
): Promise<void> {
  await transaction(db, async (tx) => {
    const before = (await readOwnPrices(tx, accountId))[country] ?? null;
    if (before === credits) return;
    if (credits === null)
      await tx
        .deleteFrom('text_price')
        .where('account_id', '=', accountId)
        .where('country', '=', country)
        .execute();
    else
      await sql`
        insert into text_price (account_id, country, credits) values (${accountId}, ${country}, ${credits})
        on conflict (account_id, country) do update set credits = excluded.credits`.execute(tx);
    await writeAudit(tx, projectId, {
      actor,
      action: 'credits.price_set',
      subject: country,
      before: { credits: before },
      after: { credits },
    });
  });
}
