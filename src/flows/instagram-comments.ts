import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Candidate } from '#engine/contract.ts';
import { priority } from '#engine/contract.ts';
import type { FlowIndex } from './flow-index.ts';

export interface CommentFact {
  commentId: string;
  /** Null: an event by API that named none. */
  connectionId: string | null;
  fanId: string;
  /** As the account knows the fan; null: an event by API about a fan of another channel. */
  address: string | null;
  mediaId: string;
  text: string;
  isLive: boolean;
  at: Date;
}

/** What a run that a comment started knows of it: whom the one private reply goes to (R69). */
export type CommentOrigin = { connectionId: string | null; address: string | null; commentId: string };

export interface CommentStart {
  candidates: Candidate[];
  ignored: { flowId: string; reason: string }[];
}

/**
 * Keeps comments and says what each starts. One that is known already starts nothing, whichever way it
 * came (R23, R71): advertisements are told of twice, and a program may tell of what Instagram told.
 */
export async function admitComments(
  tx: Tx,
  projectId: string,
  index: FlowIndex,
  comments: readonly CommentFact[],
): Promise<CommentStart[]> {
  const isNew = await keepComments(tx, projectId, comments);
  const earlier = await countEarlier(tx, projectId, comments);
  return comments.map((comment) => {
    const nothing = { candidates: [], ignored: [] };
    if (!isNew.delete(comment.commentId)) return nothing;
    const place = { connectionId: comment.connectionId, mediaId: comment.mediaId };
    const found = index.social('instagram-comment')(comment.text, place, { near: false });
    if (found === null) return nothing;
    const { flowId, flowVersionId, reentry, trigger } = found.flow;
    const before = earlier.get(comment.commentId) ?? { onPost: 0, anywhere: 0 };
    const count = trigger.config['mediaId'] === undefined ? before.anywhere : before.onPost;
    if (trigger.config['onlyFirst'] === true && count > 0)
      return { candidates: [], ignored: [{ flowId, reason: 'once' }] };
    const { connectionId, address, commentId } = comment;
    const instagram: CommentOrigin = { connectionId, address, commentId };
    return {
      candidates: [{ flowId, flowVersionId, reentry, priority: priority.reply, data: { instagram } }],
      ignored: [],
    };
  });
}

/** Ids of those that nobody knew. */
async function keepComments(
  tx: Tx,
  projectId: string,
  comments: readonly CommentFact[],
): Promise<Set<string>> {
  const rows = comments.map(({ commentId, connectionId, fanId, mediaId, isLive, at }) => ({
    id: commentId,
    connection_id: connectionId,
    fan_id: fanId,
    media_id: mediaId,
    is_live: isLive,
    at,
  }));
  const { rows: made } = await sql<{ comment_id: string }>`
    insert into instagram_comment (project_id, comment_id, connection_id, fan_id, media_id, is_live, commented_at)
    select ${projectId}, id, connection_id, fan_id, media_id, is_live, at
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as c(id text, connection_id uuid, fan_id uuid, media_id text, is_live boolean, at timestamptz)
     order by id
    on conflict do nothing returning comment_id`.execute(tx);
  return new Set(made.map((row) => row.comment_id));
}

/** How often the fan of each had commented before it: below that post, and anywhere. */
async function countEarlier(tx: Tx, projectId: string, comments: readonly CommentFact[]) {
  const rows = comments.map(({ commentId, fanId, mediaId }, order) => ({
    id: commentId,
    fan_id: fanId,
    media_id: mediaId,
    ahead: comments.slice(0, order).map((one) => one.commentId),
    batch: comments.map((one) => one.commentId),
  }));
  const { rows: found } = await sql<{ id: string; on_post: number; anywhere: number }>`
    select n.id, count(*) filter (where c.media_id = n.media_id)::int as on_post, count(*)::int as anywhere
      from json_to_recordset(${JSON.stringify(rows)}::json)
           as n(id text, fan_id uuid, media_id text, ahead jsonb, batch jsonb)
      join instagram_comment c on c.fan_id = n.fan_id and c.project_id = ${projectId} and c.comment_id <> n.id
     -- Of those that came together the earlier ones count.
     where not n.batch ? c.comment_id or n.ahead ? c.comment_id
     group by n.id`.execute(tx);
  return new Map(found.map((row) => [row.id, { onPost: row.on_post, anywhere: row.anywhere }]));
}
