import { Button, SegmentedControl } from '@mantine/core';
import { listInbox } from '#messages/contract.ts';
import { useReadPages } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { InboxText } from './inbox-text.tsx';
import styles from './inbox.module.css';

const views = ['open', 'done', 'all'] as const;

/** Texts that no flow answered; those that may mean STOP first (R41, R107). */
export function Component() {
  const [word, setView] = useUrlState('view');
  const view = views.find((one) => one === word) ?? 'open';
  const pages = useReadPages(listInbox, { query: { view } }, { refetchInterval: everyMs.watched });
  const { items, error } = pages;
  const again = () => void pages.refetch();
  return (
    <Page title={t.inbox.title} hint={t.inbox.hint}>
      <SegmentedControl
        className={styles.views ?? ''}
        aria-label={t.inbox.view}
        data={views.map((value) => ({ value, label: t.inbox.views[value] }))}
        value={view}
        onChange={(value) => setView(value === 'open' ? '' : value)}
      />
      {items === undefined && (error === null ? <Loading /> : <Problem error={error} again={again} />)}
      {items?.length === 0 &&
        (view === 'open' ? (
          <EmptyState title={t.inbox.empty} text={t.inbox.emptyWhy} />
        ) : (
          <EmptyState title={t.inbox.nothing} />
        ))}
      {items !== undefined && items.length > 0 && (
        <ul className={styles.texts} aria-label={t.inbox.list}>
          {items.map((text) => (
            <InboxText key={text.id} text={text} />
          ))}
        </ul>
      )}
      {items !== undefined && error !== null && <Problem error={error} again={again} />}
      {pages.hasNextPage && (
        <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t.shell.more}
        </Button>
      )}
    </Page>
  );
}
