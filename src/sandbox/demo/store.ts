import { sql } from 'kysely';
import type { Db } from '#db/database.ts';
import { demoAnswer, type DemoAnswer } from '../contract.ts';

/** What was made for the demo so far; a start that was cut short left some of it out. */
export interface DemoFacts extends Partial<DemoAnswer> {
  accountId?: string;
  /** Of the project's public pages. */
  slug?: string;
  smsConnectionId?: string;
  streamingConnectionId?: string;
  emailConnectionId?: string;
  haveMailboxes?: boolean;
  isFlowStarted?: boolean;
  haveFans?: boolean;
  landingPageId?: string;
  /** Of the six weeks before. */
  pastReleaseId?: string;
  tourSegmentId?: string;
  vinylSegmentId?: string;
  lanternsFlowId?: string;
  tourFlowId?: string;
  vinylFlowId?: string;
  isVinylPaused?: boolean;
  hasPast?: boolean;
  hasFanWhoLeft?: boolean;
  hasReleaseMessage?: boolean;
  hasCovers?: boolean;
  instagramConnectionId?: string;
  instagramFlowId?: string;
  isInstagramStarted?: boolean;
  /** Taken away when somebody started for real; never made again. */
  isRemoved?: boolean;
}

/** The demo of this installation; undefined until all of it is there. */
export async function findDemo(db: Db): Promise<DemoAnswer | undefined> {
  const { facts } = await readDemo(db);
  return demoAnswer.safeParse(facts).data;
}

export async function readDemo(db: Db): Promise<{ facts: DemoFacts; sealedKey: Buffer | null }> {
  const { rows } = await sql<{ facts: DemoFacts; sealedKey: Buffer | null }>`
    select facts, sealed_key as "sealedKey" from sandbox.demo`.execute(db);
  return rows[0] ?? { facts: {}, sealedKey: null };
}

/** Adds to what is known. */
export async function noteDemo(db: Db, facts: DemoFacts): Promise<void> {
  const json = JSON.stringify(facts);
  await sql`
    insert into sandbox.demo as d (facts) values (${json}::jsonb)
    on conflict (is_only) do update set facts = d.facts || excluded.facts`.execute(db);
}

/** Makes what is not known yet, and notes it. */
export type Once = <K extends keyof DemoFacts>(
  key: K,
  make: () => Promise<NonNullable<DemoFacts[K]>>,
) => Promise<NonNullable<DemoFacts[K]>>;

export function createOnce(db: Db, facts: DemoFacts): Once {
  return async (key, make) => {
    const known = facts[key];
    if (known !== undefined && known !== null) return known;
    const made = await make();
    await noteDemo(db, { [key]: made });
    return made;
  };
}

export async function keepDemoKey(db: Db, sealedKey: Buffer): Promise<void> {
  await sql`update sandbox.demo set sealed_key = ${sealedKey}`.execute(db);
}

const lockId = 7_341_003;

/** Two processes that start together make one demo: the second waits and finds it made. */
export function withDemoLock<T>(db: Db, work: () => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${lockId})`.execute(connection);
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(${lockId})`.execute(connection);
    }
  });
}
