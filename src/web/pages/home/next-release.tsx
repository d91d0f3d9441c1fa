import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { getHome } from '#home/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { Cover } from '../../ui/cover.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { later } from '../../ui/later.tsx';
import { useNow } from '../../ui/now.ts';
import { releaseDate, timeLeft } from '../../ui/release-date.ts';
import styles from './home.module.css';

const ReleaseDialog = later(async () => (await import('../../forms/release-dialog.tsx')).ReleaseDialog);

type Release = NonNullable<ResponseOf<typeof getHome>['nextRelease']>;

/** What is out next: its cover, the time left, and who waits for it. */
export function NextRelease({ release }: { release: Release | null }) {
  const now = useNow();
  if (release === null) return <NoRelease />;
  const { id, title, artistName, kind, artwork } = release;
  const left = timeLeft(release, now);
  return (
    <article className={styles.release}>
      <Cover artwork={artwork} title={title} size={320} />
      <p className={styles.soft}>{t.home.next}</p>
      <h2>
        <Link to={paths.release(id)}>{title}</Link>
      </h2>
      <p className={styles.soft}>
        {t.releases.kinds[kind]} · {artistName}
      </p>
      <p className={styles.left}>{left === null ? t.releases.out : t.releases.left(left)}</p>
      <p className={styles.soft}>{releaseDate(release, now)}</p>
      <Saves saves={release.saves} />
    </article>
  );
}

/** Pre-saves by service; reminders and handed-over taps are no pre-saves and are counted apart (R55, R63). */
function Saves({ saves }: { saves: Release['saves'] }) {
  const lines = saves.flatMap(({ service, state, count }) => {
    const say = t.home.saves[state];
    return say === undefined ? [] : [{ key: `${service} ${state}`, says: say(count, serviceLabel(service)) }];
  });
  if (lines.length === 0) return <p className={styles.saves}>{t.home.noSaves}</p>;
  return (
    <ul className={styles.saves}>
      {lines.map(({ key, says }) => (
        <li key={key}>{says}</li>
      ))}
    </ul>
  );
}

function NoRelease() {
  const [isAdding, setAdding] = useState(false);
  const navigate = useNavigate();
  const may = useMay('edit');
  return (
    <EmptyState title={t.home.noNext} text={t.home.noNextWhy}>
      {may && <Button onClick={() => setAdding(true)}>{t.home.addRelease}</Button>}
      {isAdding && (
        <ReleaseDialog
          isOpen
          title=""
          close={() => setAdding(false)}
          onDone={({ id }) => void navigate(paths.release(id))}
        />
      )}
    </EmptyState>
  );
}
