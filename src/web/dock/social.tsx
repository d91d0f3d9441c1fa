import { Button, Chip, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { socialAnswer, type SocialAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Problem } from '../ui/problem.tsx';
import { DirectMessages } from './direct-messages.tsx';
import styles from './dock.module.css';
import { FanPage } from './fan-page.tsx';
import { Posts } from './posts.tsx';
import { RunLine } from './run-line.tsx';
import { useSandbox } from './sandbox-call.ts';

const words = t.sandbox.social;
const views = ['messages', 'posts'] as const;
type View = (typeof views)[number];
/** So long after something was said something is likely to come. */
const freshMs = 10_000;

/** Instagram as a fan has it in her hand: messages to the artist, and the artist's posts. */
export function Social() {
  const social = useSandbox(socialAnswer, '/instagram', { refetchInterval: 2_000 });
  if (social.data === undefined)
    return social.isError ? <Problem error={social.error} again={() => void social.refetch()} /> : null;
  const { account } = social.data;
  if (account === null)
    return (
      <EmptyState title={t.sandbox.instagramNone} text={t.sandbox.instagramText}>
        <Button component={Link} to={paths.newConnection()}>
          {words.connect}
        </Button>
      </EmptyState>
    );
  return <Account social={social.data} account={account.name} />;
}

function Account({ social, account }: { social: SocialAnswer; account: string }) {
  const { fans, posts } = social;
  const [name, setName] = useState(fans[0]?.name ?? '');
  const [view, setView] = useState<View>('messages');
  const [page, setPage] = useState<string | null>(null);
  const [sentAt, setSentAt] = useState<number | null>(null);
  useEffect(() => {
    if (sentAt === null) return undefined;
    const timer = setTimeout(() => setSentAt(null), freshMs);
    return () => clearTimeout(timer);
  }, [sentAt]);
  const fan = fans.find((one) => one.name === name) ?? fans[0];
  if (fan === undefined) return null;
  const noteSent = () => setSentAt(Date.now());
  return (
    <div>
      <fieldset className={styles.holders}>
        <legend>{words.fan}</legend>
        <Chip.Group value={fan.name} onChange={setName}>
          {fans.map((one) => (
            <Chip key={one.name} value={one.name} size="xs" variant="outline" color="ink">
              {one.name}
            </Chip>
          ))}
        </Chip.Group>
      </fieldset>
      <section className={styles.phone} aria-label={words.screen(fan.name)}>
        <header className={styles.bar}>
          <strong>@{account}</strong>
          <SegmentedControl
            size="xs"
            aria-label={words.show}
            value={view}
            onChange={(value) => setView(views.find((one) => one === value) ?? 'messages')}
            data={views.map((value) => ({ value, label: words.views[value] }))}
          />
        </header>
        {page !== null ? (
          <FanPage url={page} close={() => setPage(null)} />
        ) : view === 'messages' ? (
          <DirectMessages
            key={fan.name}
            fan={fan.name}
            account={account}
            noteSent={noteSent}
            openPage={setPage}
          />
        ) : (
          <Posts key={fan.name} fan={fan.name} posts={posts} noteSent={noteSent} />
        )}
      </section>
      <RunLine fan={{ instagram: fan.address }} name={fan.name} isShown isFresh={sentAt !== null} />
    </div>
  );
}
