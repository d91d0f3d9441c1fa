import { sql } from 'kysely';
import { transaction, type Db } from '#db/database.ts';
import { keyIdOf, type Sealer } from '#lib/seal.ts';

/** Every column that holds sealed text, with what finds its row and the types of that. */
export const sealedColumns = [
  { table: 'connection', key: { id: 'uuid' }, column: 'settings' },
  {
    table: 'evidence',
    key: { project_id: 'uuid', channel: 'text', address_hash: 'bytea' },
    column: 'sealed',
  },
  { table: 'intent', key: { project_id: 'uuid', id: 'uuid' }, column: 'payload' },
  { table: 'oauth_state', key: { hash: 'bytea' }, column: 'sealed' },
  { table: 'sandbox.demo', key: { is_only: 'boolean' }, column: 'sealed_key' },
  { table: 'revocation', key: { id: 'uuid' }, column: 'tokens' },
  {
    table: 'streaming_grant',
    key: { project_id: 'uuid', fan_id: 'uuid', service: 'text' },
    column: 'tokens',
  },
  { table: 'webhook_endpoint', key: { project_id: 'uuid', id: 'uuid' }, column: 'secret' },
  { table: 'webhook_endpoint', key: { project_id: 'uuid', id: 'uuid' }, column: 'previous_secret' },
] as const;

type SealedColumn = (typeof sealedColumns)[number];

export interface Rotation {
  db: Db;
  /** Opens with both keys, seals with the new one. */
  sealer: Sealer;
  keys: { current: Buffer; previous: Buffer };
  batchSize?: number;
  /** Told after each column, also when nothing was left to do there. */
  onDone?: (place: string, resealed: number) => void;
}

/** What is sealed with a key that nobody gave: nothing was changed. */
export class UnknownKeys extends Error {
  override name = 'UnknownKeys';
}

/**
 * Seals again with the current key what the previous one has sealed; returns how many texts that were.
 * May run beside any number of processes that hold both keys: a text that one of them replaces
 * meanwhile is left as they wrote it. Each batch is a statement of its own, so that it may be killed
 * anywhere and run again; again, it does what is left. Throws `UnknownKeys`, before anything is
 * changed, where a text is sealed with neither of the keys.
 */
export async function rotateKey({ db, sealer, keys, batchSize = 500, onDone }: Rotation): Promise<number> {
  await refuseUnknown(db, [keyIdOf(keys.current), keyIdOf(keys.previous)]);
  let all = 0;
  for (const one of sealedColumns) {
    const resealed = await resealColumn(db, sealer, one, keyIdOf(keys.previous), batchSize);
    onDone?.(placeOf(one), resealed);
    all += resealed;
  }
  return all;
}

async function refuseUnknown(db: Db, known: Buffer[]): Promise<void> {
  const unknown: string[] = [];
  for (const one of sealedColumns) {
    const column = sql.ref(one.column);
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(one.table)}
       where substring(${column} from 2 for 4) <> all(${known}::bytea[])`.execute(db);
    const count = rows[0]?.count ?? 0;
    if (count > 0) unknown.push(`${count} in ${placeOf(one)}`);
  }
  if (unknown.length === 0) return;
  throw new UnknownKeys(
    `Some of what is stored is sealed with a key that is neither SECRET_KEY nor SECRET_KEY_PREVIOUS (${unknown.join(', ')}). ` +
      'Nothing was changed: give the key that Segue ran with until now as SECRET_KEY_PREVIOUS.',
  );
}

interface SealedRow {
  key: string[];
  sealed: Buffer;
}

/** Goes through the rows in the order of their primary key, a batch a statement. */
async function resealColumn(db: Db, sealer: Sealer, one: SealedColumn, oldId: Buffer, size: number) {
  let resealed = 0;
  let rows = await readBatch(db, one, oldId, size, null);
  while (rows.length > 0) {
    resealed += await replace(db, sealer, one, rows);
    rows = await readBatch(db, one, oldId, size, rows.at(-1)?.key ?? null);
  }
  return resealed;
}

async function readBatch(db: Db, one: SealedColumn, oldId: Buffer, size: number, after: string[] | null) {
  const column = sql.ref(one.column);
  const names = Object.keys(one.key).map((name) => sql.ref(name));
  const isBehind = after === null ? sql`true` : sql`(${sql.join(names)}) > (${sql.join(after)})`;
  const { rows } = await sql<SealedRow>`
    select array[${sql.join(names.map((name) => sql`${name}::text`))}] as key, ${column} as sealed
      from ${sql.table(one.table)}
     where substring(${column} from 2 for 4) = ${oldId} and ${isBehind}
     order by ${sql.join(names)} limit ${size}`.execute(db);
  return rows;
}

/** What changed since it was read stays: whoever changed it has sealed it with the current key. */
async function replace(db: Db, sealer: Sealer, one: SealedColumn, rows: SealedRow[]): Promise<number> {
  const column = sql.ref(one.column);
  const keys = Object.entries(one.key);
  const lists = keys.map(
    ([, type], at) => sql`${rows.map((row) => row.key[at])}::text[]::${sql.raw(type)}[]`,
  );
  const isRow = keys.map(([name]) => sql`stored.${sql.ref(name)} = fresh.${sql.ref(name)}`);
  const old = rows.map((row) => row.sealed);
  const fresh = old.map((sealed) => sealer.seal(sealer.unseal(sealed)));
  const { numAffectedRows } = await transaction(db, (tx) =>
    sql`
      update ${sql.table(one.table)} stored set ${column} = fresh.sealed_now
        from unnest(${sql.join(lists)}, ${old}::bytea[], ${fresh}::bytea[])
          as fresh(${sql.join(keys.map(([name]) => sql.ref(name)))}, sealed_before, sealed_now)
       where ${sql.join(isRow, sql` and `)} and stored.${column} = fresh.sealed_before`.execute(tx),
  );
  return Number(numAffectedRows ?? 0);
}

function placeOf({ table, column }: SealedColumn): string {
  return `${table}.${column}`;
}
