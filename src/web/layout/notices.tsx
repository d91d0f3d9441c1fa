import { Button } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useTie } from '../connection-state.ts';
import { t } from '../catalogue/index.ts';
import styles from './notices.module.css';

/** What concerns the whole page: it is outdated or offline. Nothing is reloaded unasked. */
export function Notices() {
  const { isOutdated } = useTie();
  const { online } = useNetwork();
  return (
    <output className={styles.notices}>
      {isOutdated && (
        <p className={styles.notice}>
          {t.shell.outdated}{' '}
          <Button size="compact-sm" onClick={() => window.location.reload()}>
            {t.shell.reload}
          </Button>
        </p>
      )}
      {!online && <p className={styles.notice}>{t.shell.offline}</p>}
    </output>
  );
}
