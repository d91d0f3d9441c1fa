import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { signal } from '#engine/gates.ts';
import { gateKeys } from '#fans/gate-keys.ts';
import { newId } from '#lib/ids.ts';
import { endEmail } from './end-email.ts';
import { isOwnAddress, type Unsubscriber } from './unsubscribe-link.ts';

/** What the page behind a mail's link shows. */
export interface Subscription {
  programme: string;
  language: string | null;
  address: string;
  isSubscribed: boolean;
  /** She agreed once, and no spam report or dead address stands against it. */
  canReturn: boolean;
}

/** Null: the fan or the address is not known any more, so that nothing is sent there either. */
export async function findSubscription(db: Db, link: Unsubscriber): Promise<Subscription | null> {
  const { rows } = await sql<Subscription>`
    select p.programme, f.language, a.value as address,
           exists (select 1 from consent c
                    where c.project_id = a.project_id and c.channel = 'email' and c.address = a.value
                      and c.revoked_at is null and c.active_at is not null)
           and not exists (select 1 from opt_out o
                            where o.project_id = a.project_id and o.channel = 'email' and o.address = a.value
                              and o.cleared_at is null) as "isSubscribed",
           exists (select 1 from consent c
                    where c.project_id = a.project_id and c.channel = 'email' and c.address = a.value
                      and c.active_at is not null)
           and not exists (select 1 from suppression s
                            where s.project_id = a.project_id and s.address = a.value) as "canReturn"
      from address a
      join fan f on f.project_id = a.project_id and f.id = a.fan_id
      join project p on p.id = a.project_id
     where a.project_id = ${link.projectId} and a.fan_id = ${link.fanId} and a.channel = 'email'`.execute(db);
  return rows.find(({ address }) => isOwnAddress(link, address)) ?? null;
}

/**
 * Ends mails to the address that the link was sent to: at once, before any that is under way (R77), in
 * any state of project, budget or plan (R112). Again: the same.
 */
export async function unsubscribe(db: Db, link: Unsubscriber, word: string, at: Date): Promise<void> {
  const found = await findSubscription(db, link);
  if (found === null) return;
  const { fanId, projectId } = link;
  await transaction(db, (tx) => endEmail(tx, projectId, [{ fanId, address: found.address, word, at }]));
}

/**
 * Takes an unsubscription by the link back: who reads the mailbox may agree anew, to the same words.
 * Nothing happens where she never agreed, or where the mails ended by a spam report.
 */
export async function subscribeAgain(db: Db, link: Unsubscriber, at: Date): Promise<void> {
  const found = await findSubscription(db, link);
  if (found === null || found.isSubscribed || !found.canReturn) return;
  const { projectId, fanId } = link;
  const { address } = found;
  await transaction(db, async (tx) => {
    const { rows } = await sql`
      insert into consent (project_id, id, fan_id, channel, address, text, text_version, method, source, per_month,
                           granted_at, active_at)
      select project_id, ${newId()}, fan_id, channel, address, text, text_version, 'restart',
             '{"by": "the link of a mail"}', per_month, ${at}, ${at}
        from consent c
       where project_id = ${projectId} and channel = 'email' and address = ${address} and active_at is not null
       order by granted_at desc, id desc limit 1
      on conflict do nothing returning id`.execute(tx);
    if (rows.length === 0) return;
    await sql`
      update opt_out set cleared_at = ${at}
       where project_id = ${projectId} and channel = 'email' and address = ${address} and cleared_at is null`.execute(
      tx,
    );
    await signal(tx, projectId, [{ key: gateKeys.email(fanId) }]);
  });
}
