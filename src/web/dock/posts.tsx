import { socialSent, type SocialAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { CopyField } from '../ui/copy-field.tsx';
import styles from './dock.module.css';
import { SayField } from './say-field.tsx';
import { useTellSandbox } from './sandbox-call.ts';

const words = t.sandbox.social;

interface PostsProps {
  fan: string;
  posts: SocialAnswer['posts'];
  noteSent: () => void;
}

/** The artist's posts, with what fans wrote below them. */
export function Posts({ fan, posts, noteSent }: PostsProps) {
  const write = useTellSandbox(socialSent, '/instagram/comments');
  const may = useMay('edit');
  return (
    // Each post has something to type into, so that a keyboard reaches and scrolls it.
    <div className={styles.posts}>
      {posts.map(({ id, caption, kind, comments }) => (
        <article key={id} aria-label={caption}>
          <h3>{words.kinds[kind]}</h3>
          <p>{caption}</p>
          <ul aria-label={words.comments}>
            {comments.map((comment) => (
              <li key={comment.id}>
                <b>{comment.fan}</b> {comment.text}
              </li>
            ))}
          </ul>
          {comments.length === 0 && <p className={styles.quiet}>{words.noComments}</p>}
          {may && (
            <SayField
              label={words.comment}
              say={async (text) => {
                await write.mutateAsync({ fan, postId: id, text });
                noteSent();
              }}
            />
          )}
          <CopyField label={words.postId} value={id} />
        </article>
      ))}
    </div>
  );
}
