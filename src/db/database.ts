import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** A query function takes one of these first: the pool, or the transaction it must be part of. */
export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/**
 * COMMIT was sent and its answer never came: the work may or may not be there.
 * Whoever holds leases must take a new identity, since what it believes may be wrong.
 */
export class AmbiguousCommit extends Error {
  override name = 'AmbiguousCommit';
}

/**
 * Runs `work` in one transaction. Rolls back when it throws. Deadlocks and serialisation failures
 * are tried again from the start, at most five times: `work` must have no effect but its queries.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(db, work);
    } catch (error) {
      if (attempt >= 5 || !isConflict(error)) throw error;
    }
  }
}

/** What is to be done once a transaction's commit was asked for, by transaction. */
const followUps = new WeakMap<object, Set<(db: Db) => void>>();

/**
 * Runs `followUp` after the commit of `tx`, once however often it is given; not when the
 * commit failed or its fate is unknown. False: `tx` was not
 * opened by `transaction`, and nothing will be run.
 */
export function afterCommit(tx: Tx, followUp: (db: Db) => void): boolean {
  return followUps.get(tx)?.add(followUp) !== undefined;
}

/** Statements under way whose answers their transaction did not wait for. */
const unawaited = new WeakMap<object, Promise<unknown>[]>();

/**
 * A statement of `tx` whose answer nothing depends on: the next one, or COMMIT, follows it on the wire
 * at once. It is done in its order all the same, and the transaction fails when it fails. Where `tx`
 * was not opened by `transaction` it is waited for.
 */
export async function sendOnly(tx: Tx, statement: Promise<unknown>): Promise<void> {
  const sent = unawaited.get(tx);
  if (sent === undefined) {
    await statement;
    return;
  }
  sent.push(statement);
  // Looked at before the commit counts; until then a failure must not end the process.
  statement.catch(() => undefined);
}

/** Why the first of these failed: what came after it was only refused because of it. */
async function firstFailure(statements: readonly Promise<unknown>[]): Promise<{ error: unknown } | null> {
  for (const one of await Promise.allSettled(statements)) {
    if (one.status === 'rejected') return { error: one.reason };
  }
  return null;
}

/** More turns than a statement takes from being asked for to being sent. */
const maxTurns = 100;

/**
 * Kysely lets one statement of a transaction at a time reach the connection. Here each goes out when it
 * is asked for, in that order, and the connection answers in that order. The answer waits until all
 * that was asked for is on the wire: nothing may come behind COMMIT.
 */
async function letPass(tx: Tx): Promise<() => Promise<void>> {
  const oneByOne = tx.getExecutor();
  const statements = { asked: 0, sent: 0 };
  await oneByOne.provideConnection((connection) => {
    const passing = oneByOne.withConnectionProvider({
      provideConnection(use) {
        statements.sent++;
        return use(connection);
      },
    });
    const getExecutor = () => {
      statements.asked++;
      return passing;
    };
    Object.defineProperty(tx, 'getExecutor', { value: getExecutor });
    return Promise.resolve();
  });
  return async () => {
    for (let turn = 0; statements.sent < statements.asked; turn++) {
      if (turn > maxTurns) throw new Error('a statement was asked for and never sent');
      await Promise.resolve();
    }
  };
}

async function once<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = await db.startTransaction().execute();
  const untilSent = await letPass(tx);
  const after = new Set<(db: Db) => void>();
  const sent: Promise<unknown>[] = [];
  followUps.set(tx, after);
  unawaited.set(tx, sent);
  let result: T;
  try {
    result = await work(tx);
    await untilSent();
  } catch (thrown) {
    const error = (await firstFailure(sent))?.error ?? thrown;
    // What others of this work asked for meanwhile must not come behind ROLLBACK either.
    await untilSent();
    // A dead connection cannot roll back; the server does it.
    await tx
      .rollback()
      .execute()
      .catch(() => undefined);
    throw error;
  }
  try {
    const committed = tx.commit().execute();
    committed.catch(() => undefined);
    const failure = await firstFailure(sent);
    if (failure !== null && !isConnectionLoss(failure.error)) {
      // The server has answered this COMMIT with a rollback.
      await committed.catch(() => undefined);
      throw failure.error;
    }
    await committed;
  } catch (error) {
    // A commit that failed keeps its connection until it is rolled back: without this each lost
    // answer would cost the pool one connection for good.
    await tx
      .rollback()
      .execute()
      .catch(() => undefined);
    if (sqlState(error) !== undefined && !isConnectionLoss(error)) throw error;
    throw new AmbiguousCommit('the answer to COMMIT was lost', { cause: error });
  }
  for (const followUp of after) followUp(db);
  return result;
}

/** Five-character SQLSTATE of a database error; undefined when the error is not the database's. */
export function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Two transactions met; the same statements will succeed when tried again. */
function isConflict(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40001' || state === '40P01';
}

/** The entry itself is unacceptable (data exception, constraint): another try gives the same. */
export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && (state.startsWith('22') || state.startsWith('23') || state === 'P0001');
}

export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined || state.startsWith('08') || state.startsWith('57P');
}
