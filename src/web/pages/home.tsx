import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { getHome, visitHome } from '#home/contract.ts';
import { send, useRead, type ResponseOf } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { DemoWelcome } from '../dock/welcome.tsx';
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
  const home = useRead(getHome, {}, { refetchInterval: 10_000 });
  useVisit();
  return (
    <Page title={project.name} of={t.home.title}>
      <div className={styles.home}>
        {home.data !== undefined && <Parts home={home.data} />}
        {home.data === undefined && home.isError && (
          <Problem error={home.error} again={() => void home.refetch()} />
        )}
        {home.data === undefined && !home.isError && <Waiting />}
      </div>
    </Page>
  );
}

function Parts({ home }: { home: Home }) {
  return (
    <div className={styles.parts}>
      <div className={styles.main}>
        <DemoWelcome release={home.nextRelease} />
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
