import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import type { Sealer } from '#lib/seal.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** R108: confirmations to an address typed on the web. */
const limits = { addressPerDay: 3, networkPerHour: 20, projectPerHour: 100 };
/** What is usual for a project is looked at over so many days; older tries count nowhere. */
const usualDays = 7;

export interface Try {
  projectId: string;
  address: string;
  /** Null: not known, as in a test. */
  networkAddress: string | null;
}

/**
 * Whether one more confirmation may go to that address, from that network, in that project (R108). It is
 * written down before it is counted, so that of any number of tries at once no more get through than may;
 * one that is refused is not counted. Numbers and networks are kept as keyed hashes.
 */
export async function takeTry(
  db: Db,
  sealer: Pick<Sealer, 'hash'>,
  { projectId, address, networkAddress }: Try,
  now: Date,
): Promise<boolean> {
  const id = newId();
  const addressHash = sealer.hash(`sign-up ${projectId} ${address}`);
  const network = networkAddress === null ? null : sealer.hash(`network ${networkOf(networkAddress)}`);
  await sql`
    insert into sign_up_try (project_id, id, address, network, at)
    values (${projectId}, ${id}, ${addressHash}, ${network}, ${now})`.execute(db);
  const hourAgo = new Date(now.getTime() - hourMs);
  const { rows } = await sql<{ toAddress: number; fromNetwork: number; inProject: number; before: number }>`
    select (select count(*)::int from sign_up_try
             where address = ${addressHash} and at > ${new Date(now.getTime() - dayMs)}) as "toAddress",
           (select count(*)::int from sign_up_try where network = ${network} and at > ${hourAgo}) as "fromNetwork",
           (select count(*)::int from sign_up_try
             where project_id = ${projectId} and at > ${hourAgo}) as "inProject",
           (select count(*)::int from sign_up_try where project_id = ${projectId} and at <= ${hourAgo}
               and at > ${new Date(now.getTime() - usualDays * dayMs)}) as before`.execute(db);
  const [seen] = rows;
  if (seen === undefined) throw new Error('a statement without a table has one row');
  const usualPerHour = seen.before / (usualDays * 24);
  const isAllowed =
    seen.toAddress <= limits.addressPerDay &&
    seen.fromNetwork <= limits.networkPerHour &&
    seen.inProject <= limits.projectPerHour + usualPerHour;
  if (!isAllowed)
    await sql`delete from sign_up_try where project_id = ${projectId} and id = ${id}`.execute(db);
  return isAllowed;
}

/** Who can have one address of a network can have its neighbours: IPv4 by 256, IPv6 by its site. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain.split('.').slice(0, 3).join('.');
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const whole = [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest];
  return whole
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

export async function pruneTries(db: Db, now: Date): Promise<void> {
  await sql`delete from sign_up_try where at < ${new Date(now.getTime() - (usualDays + 1) * dayMs)}`.execute(
    db,
  );
}
