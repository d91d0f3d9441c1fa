import { Button } from '@mantine/core';
import { t } from '../catalogue/index.ts';
import { Notice } from '../ui/notice.tsx';
import { Mark } from './mark.tsx';
import styles from './starting.module.css';

/** Before anything is known: the mark, quietly; or that the server does not answer. */
export function Starting({ failed }: { failed?: () => void }) {
  return (
    <main className={styles.whole}>
      {failed === undefined ? (
        <Mark size={40} />
      ) : (
        <Notice title={t.shell.unreachable} text={t.shell.unreachableWhy}>
          <Button onClick={failed}>{t.shell.again}</Button>
        </Notice>
      )}
    </main>
  );
}
