import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { listFanTimeline, type Moment } from '#fans/contract.ts';
import { useReadPages } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { Line, LinePoint } from '../../ui/line.tsx';
import { Loading } from '../../ui/loading.tsx';
import { useNow } from '../../ui/now.ts';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { dateOf, fullTime, timeOfDay } from '../../ui/time.ts';
import { MomentSign } from './moment-sign.tsx';
import { MomentWords } from './moment-words.tsx';
import styles from './timeline.module.css';

/** Everything that happened with a fan on one line, newest first, by day. */
export function Timeline({ fanId }: { fanId: string }) {
  const pages = useReadPages(
    listFanTimeline,
    { params: { id: fanId } },
    { refetchInterval: everyMs.watched },
  );
  const { items, error } = pages;
  const again = () => void pages.refetch();
  return (
    <Section title={t.fans.timeline} action={<Link to={paths.runs({ fan: fanId })}>{t.fans.allRuns}</Link>}>
      {items === undefined && (error === null ? <Loading /> : <Problem error={error} again={again} />)}
      {items?.length === 0 && <p className={styles.soft}>{t.fans.quiet}</p>}
      {items !== undefined && items.length > 0 && <Days moments={items} />}
      {items !== undefined && error !== null && <Problem error={error} again={again} />}
      {pages.hasNextPage && (
        <Button
          className={styles.more ?? ''}
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {t.shell.more}
        </Button>
      )}
    </Section>
  );
}

function Days({ moments }: { moments: readonly Moment[] }) {
  const now = useNow();
  const today = dateOf(now.toISOString(), now);
  const days = [...Map.groupBy(told(moments), ({ at }) => dateOf(at, now))];
  return (
    <>
      {days.map(([day, list], index) => (
        <div key={day}>
          <h3 className={styles.day} data-is-first={index === 0}>
            {day === today ? t.fans.today : day}
          </h3>
          <Line label={day}>
            {list.map((moment) => (
              <LinePoint
                key={keyOf(moment)}
                stretch="faint"
                sign={<MomentSign moment={moment} />}
                at={
                  <time dateTime={moment.at} title={fullTime(moment.at)}>
                    {timeOfDay(moment.at)}
                  </time>
                }
              >
                <MomentWords moment={moment} />
              </LinePoint>
            ))}
          </Line>
        </div>
      ))}
    </>
  );
}

/** That an agreement ended goes without saying where she stopped in the same moment. */
function told(moments: readonly Moment[]): Moment[] {
  const stops = new Set(
    moments.flatMap((one) => (one.kind === 'opt_out' ? [`${one.channel} ${one.at}`] : [])),
  );
  return moments.filter((one) => one.kind !== 'consent_ended' || !stops.has(`${one.channel} ${one.at}`));
}

/** What tells a moment from every other: most have an id, the rest are named by all they hold. */
function keyOf(moment: Moment): string {
  return 'id' in moment ? `${moment.kind} ${moment.id}` : JSON.stringify(moment);
}
