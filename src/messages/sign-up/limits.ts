import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { newId } from '#lib/ids.ts';
import { LruCache } from '#lib/lru-cache.ts';
import type { Sealer } from '#lib/seal.ts';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** R108: confirmations to an address typed on the web. */
const limits = { addressPerDay: 3, networkPerHour: 20, projectPerHour: 100 };
/** What is usual for a project is looked at over so many days; older tries count nowhere. */
const usualDays = 7;
const usualForMs = 10 * 60_000;

export interface Try {
  projectId: string;
  address: string;
  /** Null: not known, as in a test. */
  networkAddress: string | null;
}

/**
 * Whether one more confirmation may go to that address, from that network, in that project (R108). A try is
 * written down before it is counted, so that of any number of them at once no more get through than may; one
 * that is refused is not counted. Numbers and networks are kept as keyed hashes.
 */
export function createTries({ db, sealer }: { db: Db; sealer: Pick<Sealer, 'hash'> }) {
  /** What is usual changes by the week: it is counted every ten minutes, not at every try. */
  const usual = new LruCache<string, { readAtMs: number; perHour: Promise<number> }>(2_000);

  function usualPerHour(projectId: string, now: Date): Promise<number> {
    const read = () => ({ readAtMs: now.getTime(), perHour: readUsual(db, projectId, now) });
    const known = usual.getOrMake(projectId, read);
    if (Math.abs(now.getTime() - known.readAtMs) > usualForMs) Object.assign(known, read());
    // A failed count must not be the answer for ten minutes.
    known.perHour.catch(() => usual.delete(projectId));
    return known.perHour;
  }

  return async ({ projectId, address, networkAddress }: Try, now: Date): Promise<boolean> => {
    const id = newId();
    const addressHash = sealer.hash(`sign-up ${projectId} ${address}`);
    const network = networkAddress === null ? null : sealer.hash(`network ${networkOf(networkAddress)}`);
    await sql`
      insert into sign_up_try (project_id, id, address, network, at)
      values (${projectId}, ${id}, ${addressHash}, ${network}, ${now})`.execute(db);
    const hourAgo = new Date(now.getTime() - hourMs);
    const [seen, perHour] = await Promise.all([
      readSeen(db, { projectId, addressHash, network, hourAgo, dayAgo: new Date(now.getTime() - dayMs) }),
      usualPerHour(projectId, now),
    ]);
    const isAllowed =
      seen.toAddress <= limits.addressPerDay &&
      seen.fromNetwork <= limits.networkPerHour &&
      seen.inProject <= limits.projectPerHour + perHour;
    if (!isAllowed)
      await sql`delete from sign_up_try where project_id = ${projectId} and id = ${id}`.execute(db);
    return isAllowed;
  };
}

interface Asked {
  projectId: string;
  addressHash: Buffer;
  network: Buffer | null;
  hourAgo: Date;
  dayAgo: Date;
}

async function readSeen(db: Db, { projectId, addressHash, network, hourAgo, dayAgo }: Asked) {
  const { rows } = await sql<{ toAddress: number; fromNetwork: number; inProject: number }>`
    select (select count(*)::int from sign_up_try
             where address = ${addressHash} and at > ${dayAgo}) as "toAddress",
           (select count(*)::int from sign_up_try where network = ${network} and at > ${hourAgo}) as "fromNetwork",
           (select count(*)::int from sign_up_try
             where project_id = ${projectId} and at > ${hourAgo}) as "inProject"`.execute(db);
  const [seen] = rows;
  if (seen === undefined) throw new Error('a statement without a table has one row');
  return seen;
}

/** An hour's share of the tries of the last days; those of this hour are no custom yet. */
async function readUsual(db: Db, projectId: string, now: Date): Promise<number> {
  const { rows } = await sql<{ before: number }>`
    select count(*)::int as before from sign_up_try
     where project_id = ${projectId} and at <= ${new Date(now.getTime() - hourMs)}
       and at > ${new Date(now.getTime() - usualDays * dayMs)}`.execute(db);
  return (rows[0]?.before ?? 0) / (usualDays * 24);
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
