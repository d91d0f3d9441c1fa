import { sql } from 'kysely';
import type { Db, Tx } from '#db/database.ts';

export interface Place {
  connectionId: string;
  address: string;
}

/** Where a fan stands with an account. */
export interface Standing {
  isOptedOut: boolean;
  silencedUntil: Date | null;
}

/** R70: the fan's message opens 24 hours; one that comes late does not close what a later one opened. */
export async function openWindows(
  tx: Tx,
  projectId: string,
  messages: readonly (Place & { fanId: string; isFromAd: boolean; at: Date })[],
): Promise<void> {
  const newest = new Map<string, (typeof messages)[number]>();
  for (const one of messages) {
    const key = `${one.connectionId} ${one.address}`;
    const known = newest.get(key);
    const isFromAd = one.isFromAd || known?.isFromAd === true;
    newest.set(key, { ...(known !== undefined && known.at > one.at ? known : one), isFromAd });
  }
  const rows = [...newest.values()].map(({ connectionId, address, fanId, isFromAd, at }) => ({
    connection_id: connectionId,
    address,
    fan_id: fanId,
    is_from_ad: isFromAd,
    at,
  }));
  await sql`
    insert into instagram_conversation as c (project_id, connection_id, address, fan_id, last_message_at, from_ad_at)
    select ${projectId}, connection_id, address, fan_id, at, case when is_from_ad then at end
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as n(connection_id uuid, address text, fan_id uuid, is_from_ad boolean, at timestamptz)
     order by connection_id, address
    on conflict (project_id, connection_id, address) do update
      set last_message_at = greatest(c.last_message_at, excluded.last_message_at),
          from_ad_at = greatest(c.from_ad_at, excluded.from_ad_at)`.execute(tx);
}

/** After `openWindows`: the rows are held by this transaction. */
export async function readStandings(
  tx: Tx,
  projectId: string,
  places: readonly Place[],
): Promise<(place: Place) => Standing> {
  const rows = JSON.stringify(
    places.map(({ connectionId, address }) => ({ connection_id: connectionId, address })),
  );
  const { rows: found } = await sql<{
    connection_id: string;
    address: string;
    silenced_until: Date | null;
    is_opted_out: boolean;
  }>`
    select c.connection_id, c.address, c.silenced_until,
           exists (select 1 from opt_out o where o.project_id = c.project_id and o.channel = 'instagram'
                      and o.address = c.address and o.cleared_at is null) as is_opted_out
      from (select distinct connection_id, address
              from json_to_recordset(${rows}::json) as n(connection_id uuid, address text)) n
      join instagram_conversation c
        on c.project_id = ${projectId} and c.connection_id = n.connection_id and c.address = n.address`.execute(
    tx,
  );
  const known = new Map<string, Standing>(
    found.map((row) => [
      `${row.connection_id} ${row.address}`,
      { isOptedOut: row.is_opted_out, silencedUntil: row.silenced_until },
    ]),
  );
  return ({ connectionId, address }) => {
    const standing = known.get(`${connectionId} ${address}`);
    if (standing === undefined) throw new Error('a conversation is there once its window was opened');
    return standing;
  };
}

/** What a message to a fan rests on beside her facts; read after them, guarded by the same gates. */
export interface Situation {
  isConnected: boolean;
  lastMessageAt: Date | null;
  fromAdAt: Date | null;
  personAt: Date | null;
  silencedUntil: Date | null;
  comment: { at: Date; isLive: boolean; isAnswered: boolean } | null;
}

export async function readSituation(
  db: Db,
  projectId: string,
  about: { connectionId: string; address: string | null; commentId: string | null },
): Promise<Situation> {
  const { connectionId, address, commentId } = about;
  const { rows } = await sql<{
    is_connected: boolean;
    last_message_at: Date | null;
    from_ad_at: Date | null;
    person_at: Date | null;
    silenced_until: Date | null;
    commented_at: Date | null;
    is_live: boolean | null;
    is_answered: boolean | null;
  }>`
    select k.state not in ('needs_reconnect', 'disabled') as is_connected,
           c.last_message_at, c.from_ad_at, c.person_at, c.silenced_until,
           m.commented_at, m.is_live,
           m.reply_intent_id is not null and not exists (
             select 1 from intent i
              where i.project_id = m.project_id and i.id = m.reply_intent_id and i.state = 'refused') as is_answered
      from connection k
      left join instagram_conversation c
        on c.project_id = ${projectId} and c.connection_id = k.id and c.address = ${address}
      left join instagram_comment m on m.project_id = ${projectId} and m.comment_id = ${commentId}
     where k.id = ${connectionId}`.execute(db);
  const [row] = rows;
  const commentedAt = row?.commented_at ?? null;
  return {
    isConnected: row?.is_connected ?? false,
    lastMessageAt: row?.last_message_at ?? null,
    fromAdAt: row?.from_ad_at ?? null,
    personAt: row?.person_at ?? null,
    silencedUntil: row?.silenced_until ?? null,
    comment:
      commentedAt === null
        ? null
        : { at: commentedAt, isLive: row?.is_live ?? false, isAnswered: row?.is_answered ?? false },
  };
}
