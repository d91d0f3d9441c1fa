import type { Tx } from '#db/database.ts';
import type { Admission, Entry } from '#engine/contract.ts';
import { resolveFans } from '#fans/resolve-fans.ts';
import type { FlowIndex } from '#flows/flow-index.ts';
import { admitComments } from '#flows/instagram-comments.ts';
import { cutText } from '#lib/clean-text.ts';
import { receivedComment } from './entries.ts';

const maxShown = 160;

/** Admits comments that Instagram told of. They open no window (R70). */
export async function admitReceivedComments(
  tx: Tx,
  projectId: string,
  index: FlowIndex,
  entries: readonly { entry: Entry }[],
  now: Date,
): Promise<Admission[]> {
  const comments = entries.map(({ entry }) => receivedComment(entry));
  const fans = await resolveFans(
    tx,
    projectId,
    'instagram',
    comments.map(({ address }) => address),
    now,
  );
  const facts = comments.map((comment) => {
    const fanId = fans.get(comment.address);
    if (fanId === undefined) throw new Error('a fan was erased while her comment was accepted');
    return { ...comment, fanId };
  });
  const starts = await admitComments(tx, projectId, index, facts);
  return facts.map(({ fanId, commentId, mediaId, connectionId, text }, order) => ({
    fanId,
    type: 'instagram.comment',
    subject: { commentId, mediaId, connectionId, text: cutText(text, maxShown) },
    candidates: starts[order]?.candidates ?? [],
    ignored: starts[order]?.ignored ?? [],
  }));
}
