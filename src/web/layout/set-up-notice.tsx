import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'react-router';
import { t } from '../catalogue/index.ts';
import { paths } from '../paths.ts';
import { useHere } from '../session.ts';
import styles from './notices.module.css';

const laterKey = 'segue-set-up-later';

/** For who came by a link and has no password: quietly, and not again once it was put off. */
export function SetUpNotice() {
  const { person } = useHere();
  const [isLater, setLater] = useState(() => sessionStorage.getItem(laterKey) !== null);
  const { pathname } = useLocation();
  if (person.isSetUp || isLater || pathname === paths.settings('you')) return null;
  const putOff = () => {
    sessionStorage.setItem(laterKey, 'yes');
    setLater(true);
  };
  return (
    <p className={styles.notice}>
      {t.signIn.setUpNotice}{' '}
      <Button size="compact-sm" component={Link} to={paths.settings('you')}>
        {t.signIn.setUp}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={putOff}>
        {t.signIn.later}
      </Button>
    </p>
  );
}
