import { sql } from 'kysely';
import type { Connections } from '#connections/connections.ts';
import type { Access, StreamingClient, Tokens } from '#connectors/connector.ts';
import { transaction, type Db, type Tx } from '#db/database.ts';
import type { DomainClock } from '#lib/clock.ts';
import { NeedsReconnect, RetryLater } from '#lib/errors.ts';
import type { Sealer } from '#lib/seal.ts';
import { expireGrant, sealTokens, unsealTokens, type GrantKey } from './grants.ts';
import { createLoader } from './loader.ts';
import type { RefreshBreaker } from './refresh-breaker.ts';
import { createSlots } from './slots.ts';

/** A token with less life than this is refreshed before it is used. */
const marginMs = 60_000;
const dayMs = 86_400_000;
/** An authorisation this old may end by itself: its end says nothing about the service (R59). */
const youngMs = 180 * dayMs;

export interface GrantAccessDeps {
  db: Db;
  sealer: Sealer;
  clocks: DomainClock;
  connections: Connections;
  breaker: RefreshBreaker;
  /** Refreshes at once; each holds a database connection for the length of a call. */
  refreshSlots?: number;
}

export type GrantAccess = (projectId: string, fanId: string, service: string) => Access;

interface GrantRow {
  connectionId: string;
  tokens: Buffer | null;
  state: string;
  authorisedAt: Date;
  diesAt: Date | null;
}

interface Held {
  tokens: Tokens;
  diesAt: Date | null;
}

type Refreshed = { tokens: Tokens; diesAt: Date | null } | { dead: string };

/**
 * Living access to fans' services. A token near its end is refreshed first; over all processes only
 * one refreshes at a time (the grant's row is locked meanwhile), and the others take what it stored:
 * some services give each refresh token only one use. When the service says that the authorisation
 * is over, the same commit discards the tokens and wakes what rests on them; then `NeedsReconnect`.
 */
export function createGrantAccess(deps: GrantAccessDeps): GrantAccess {
  const { db, sealer, clocks } = deps;
  const refreshing = new Map<string, Promise<Tokens>>();
  const slot = createSlots(deps.refreshSlots ?? 4);
  const readGrant = createLoader((projectId, keys) => readGrants(db, projectId, keys));

  /** Read for every effect, many fans at a time: a token kept here could be that of an account unlinked since. */
  const hold = async (key: GrantKey): Promise<Held> =>
    toHeld(sealer, await readGrant(key.projectId, `${key.fanId}/${key.service}`));

  function refresh(key: GrantKey, id: string, refused: string | null): Promise<Tokens> {
    const underWay = refreshing.get(id);
    if (underWay !== undefined) return underWay;
    const started = slot(() => refreshGrant(deps, key, refused))
      .then((refreshed) => {
        if ('dead' in refreshed) throw new NeedsReconnect(refreshed.dead);
        return refreshed.tokens;
      })
      .finally(() => refreshing.delete(id));
    refreshing.set(id, started);
    return started;
  }

  return (projectId, fanId, service) => {
    const key: GrantKey = { projectId, fanId, service };
    const id = `${projectId}/${fanId}/${service}`;
    let given: string | null = null;
    // One effect's calls, milliseconds apart, share one look.
    let looked: Promise<Held> | undefined;
    return {
      async token() {
        looked ??= hold(key);
        const held = await looked;
        const now = clocks.now(projectId);
        const isUsable =
          held.tokens.expiresAt.getTime() > now.getTime() + marginMs &&
          (held.diesAt === null || now < held.diesAt);
        if (!isUsable) looked = undefined;
        const tokens = isUsable ? held.tokens : await refresh(key, id, null);
        given = tokens.accessToken;
        return given;
      },
      async renew() {
        looked = undefined;
        const tokens = await refresh(key, id, given);
        // Another call's refresh may have been under way with the very token that was refused here.
        const fresh = tokens.accessToken === given ? await refresh(key, id, given) : tokens;
        given = fresh.accessToken;
        return given;
      },
    };
  };
}

function toHeld(sealer: Sealer, row: GrantRow | undefined): Held {
  if (row === undefined || row.state !== 'live' || row.tokens === null) {
    throw new NeedsReconnect('the fan has to link the service again');
  }
  return { tokens: unsealTokens(sealer, row.tokens), diesAt: row.diesAt };
}

async function refreshGrant(
  deps: GrantAccessDeps,
  key: GrantKey,
  refused: string | null,
): Promise<Refreshed> {
  // A refresh that was answered is never asked again: the old token may be spent with it.
  let fresh: Tokens | undefined;
  const ask = async (client: StreamingClient, tokens: Tokens) =>
    (fresh ??= await client.oauth.refresh(tokens));
  try {
    return await transaction(deps.db, (tx) => refreshLocked(deps, tx, key, refused, ask));
  } catch (error) {
    if (fresh === undefined) throw error;
    // The service has given new tokens and the commit was lost: store them once more.
    return transaction(deps.db, (tx) => refreshLocked(deps, tx, key, refused, ask));
  }
}

async function refreshLocked(
  { sealer, clocks, connections, breaker }: GrantAccessDeps,
  tx: Tx,
  key: GrantKey,
  refused: string | null,
  ask: (client: StreamingClient, tokens: Tokens) => Promise<Tokens>,
): Promise<Refreshed> {
  const row = await lockGrant(tx, key);
  const { tokens, diesAt } = toHeld(sealer, row);
  const now = clocks.now(key.projectId);
  if (diesAt !== null && now >= diesAt) {
    await expireGrant(tx, key);
    return { dead: 'the authorisation ended by its age' };
  }
  const isFresh = tokens.expiresAt.getTime() > now.getTime() + marginMs && tokens.accessToken !== refused;
  if (isFresh) return { tokens, diesAt };
  const { connectionId, authorisedAt } = row;
  const client = (await connections.find(connectionId))?.streaming;
  if (client === null || client === undefined) throw new RetryLater('the connection is not there');
  const isYoung = now.getTime() - authorisedAt.getTime() < youngMs - dayMs;
  try {
    const fresh = await ask(client, tokens);
    if (isYoung) breaker.note(connectionId, true);
    await storeTokens(tx, sealer, key, fresh, now);
    return { tokens: fresh, diesAt };
  } catch (error) {
    if (!(error instanceof NeedsReconnect)) throw error;
    if (isYoung) breaker.note(connectionId, false);
    if (isYoung && breaker.isOpen(connectionId)) {
      throw new RetryLater(
        `many authorisations seem to end at once, so none is believed to (${error.reason})`,
      );
    }
    await expireGrant(tx, key);
    return { dead: error.reason };
  }
}

async function lockGrant(tx: Tx, { projectId, fanId, service }: GrantKey): Promise<GrantRow> {
  const { rows } = await sql<GrantRow>`
    select connection_id as "connectionId", tokens, state, authorised_at as "authorisedAt", dies_at as "diesAt"
      from streaming_grant
     where project_id = ${projectId} and fan_id = ${fanId} and service = ${service} for update`.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new NeedsReconnect('the fan has to link the service again');
  return row;
}

async function storeTokens(tx: Tx, sealer: Sealer, key: GrantKey, tokens: Tokens, now: Date): Promise<void> {
  await sql`
    update streaming_grant set tokens = ${sealTokens(sealer, tokens)}, proven_at = ${now}
     where project_id = ${key.projectId} and fan_id = ${key.fanId} and service = ${key.service}`.execute(tx);
}

async function readGrants(db: Db, projectId: string, keys: readonly string[]) {
  const pairs = keys.map((key) => {
    const [fanId = '', ...service] = key.split('/');
    return { fanId, service: service.join('/') };
  });
  const { rows } = await sql<GrantRow & { fanId: string; service: string }>`
    select g.fan_id as "fanId", g.service, g.connection_id as "connectionId", g.tokens, g.state,
           g.authorised_at as "authorisedAt", g.dies_at as "diesAt"
      from json_to_recordset(${JSON.stringify(pairs)}::json) as k("fanId" uuid, service text)
     cross join lateral (
       select * from streaming_grant g
        where g.project_id = ${projectId} and g.fan_id = k."fanId" and g.service = k.service offset 0) g`.execute(
    db,
  );
  return new Map(rows.map((row): [string, GrantRow] => [`${row.fanId}/${row.service}`, row]));
}
