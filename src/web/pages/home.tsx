import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { getHome, visitHome } from '#home/contract.ts';
import { send, useRead, type ResponseOf } from '../call.ts';
import { everyMs } from '../every-ms.ts';
import { t } from '../catalogue/index.ts';
import { isDockOffered } from '../dock/dock-state.ts';
import { DemoWelcome, useDemo } from '../dock/welcome.tsx';
import { useHere } from '../session.ts';
import { Loading } from '../ui/loading.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Beginnings } from './home/beginnings.tsx';
import { Happened } from './home/happened.tsx';
import styles from './home/home.module.css';
import { LatestRuns } from './home/latest-runs.tsx';
import { Needs } from './home/needs.tsx';
import { NextRelease } from './home/next-release.tsx';

type Home = ResponseOf<typeof getHome>;

/** What happened since the person was last here, what needs her, and what is out next. */
export function Component() {
  const { project } = useHere();
  const home = useRead(getHome, {}, { refetchInterval: everyMs.watched });
  const isDemo = useDemo();
  useVisit();
  // What greets stands above everything else: nothing is shown before it is known whether it does.
  const isReady = home.data !== undefined && isDemo !== null;
  const isWidthOpen = isDemo === null && isDockOffered();
  return (
    <Page title={project.name} of={t.home.title}>
      <div className={styles.home} data-width-open={isWidthOpen || undefined}>
        {isReady && <Parts home={home.data} isDemo={isDemo} />}
        {home.data === undefined && home.isError && (
          <Problem error={home.error} again={() => void home.refetch()} />
        )}
        {!isReady && !home.isError && <Waiting />}
      </div>
    </Page>
  );
}

function Parts({ home, isDemo }: { home: Home; isDemo: boolean }) {
  return (
    <div className={styles.parts}>
      <div className={styles.main}>
        {isDemo && <DemoWelcome releaseId={home.nextRelease?.id ?? null} />}
        <Beginnings has={home.has} />
        <Happened home={home} />
        <Needs needs={home.needs} />
        {home.has.flows && <LatestRuns />}
      </div>
      <aside className={styles.aside} aria-label={t.home.next}>
        <NextRelease release={home.nextRelease} />
      </aside>
    </div>
  );
}

/** Notes that she is here; what is new is counted from the visit before. */
function useVisit(): void {
  useEffect(() => {
    // A visit that is not noted only makes the next one tell more.
    send(visitHome).catch(() => undefined);
  }, []);
}

function Waiting() {
  return (
    <div className={styles.parts}>
      <Loading lines={5} />
      <Skeleton height="18rem" />
    </div>
  );
}
