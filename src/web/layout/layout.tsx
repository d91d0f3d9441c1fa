import { useDisclosure } from '@mantine/hooks';
import { Drawer } from '@mantine/core';
import { Suspense, useEffect } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { t } from '../catalogue/index.ts';
import { useDock } from '../dock/dock-state.ts';
import { later } from '../ui/later.tsx';
import { Header } from './header.tsx';
import styles from './layout.module.css';
import { Navigation } from './navigation.tsx';
import { SandboxDock } from './sandbox-dock.tsx';
import { SetUpNotice } from './set-up-notice.tsx';
import { StoppedNotice } from './stopped-notice.tsx';

/** Knows every kind of flow: loaded when the page stands. */
const GoTo = later(async () => (await import('./go-to.tsx')).GoTo);

/** The frame around every page of a project: header, places, the page, and in test projects the dock. */
export function Layout() {
  const [isOpen, drawer] = useDisclosure(false);
  const { pathname } = useLocation();
  const isLoading = useNavigation().state === 'loading';
  const { close } = drawer;
  const { isOpen: isDockOpen } = useDock();
  // Whatever was chosen in the list: it lies over the page no more.
  useEffect(close, [pathname, isDockOpen, close]);
  return (
    <div className={styles.frame}>
      <a className={styles.skip} href="#main">
        {t.shell.skip}
      </a>
      <Header onOpenPlaces={drawer.open} />
      <div className={styles.side}>
        <Navigation />
      </div>
      <Drawer
        opened={isOpen}
        onClose={drawer.close}
        size="17rem"
        title={t.shell.product}
        closeButtonProps={{ 'aria-label': t.shell.closeNavigation }}
      >
        <Navigation />
      </Drawer>
      <main id="main" tabIndex={-1} className={styles.main} aria-busy={isLoading || undefined}>
        <StoppedNotice />
        <SetUpNotice />
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <SandboxDock />
      <GoTo />
      <ScrollRestoration />
    </div>
  );
}
