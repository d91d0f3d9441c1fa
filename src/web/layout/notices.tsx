import { Button } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { noteSignedIn, useTie } from '../connection-state.ts';
import { t } from '../catalogue/index.ts';
import styles from './notices.module.css';

/** What concerns the whole page: it is outdated, signed out or offline. Nothing is reloaded unasked. */
export function Notices() {
  const { isOutdated, isSignedOut } = useTie();
  const { online } = useNetwork();
  const client = useQueryClient();
  const goOn = () => {
    noteSignedIn();
    void client.invalidateQueries();
  };
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
      {isSignedOut && (
        <p className={styles.notice}>
          {t.shell.ended}{' '}
          <Button size="compact-sm" onClick={goOn}>
            {t.shell.signedInAgain}
          </Button>
        </p>
      )}
      {!online && <p className={styles.notice}>{t.shell.offline}</p>}
    </output>
  );
}
