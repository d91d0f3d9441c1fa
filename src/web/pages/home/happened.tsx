import { Link } from 'react-router';
import type { getHome } from '#home/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { OutcomeCounts } from '../../ui/outcome-counts.tsx';
import { Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import styles from './home.module.css';

/** Numbers first; each leads to what it counts. */
export function Happened({ home }: { home: ResponseOf<typeof getHome> }) {
  const { newFans, textsIn, messagesOut, runs, outcomes } = home.happened;
  const figures = [
    { count: newFans, name: t.home.newFans(newFans), to: paths.fans() },
    { count: textsIn, name: t.home.textsIn(textsIn), to: paths.inbox() },
    { count: messagesOut, name: t.home.messagesOut(messagesOut), to: paths.usage() },
    { count: runs, name: t.home.runs(runs), to: paths.runs() },
  ];
  const isQuiet = figures.every(({ count }) => count === 0);
  return (
    <Section
      title={t.home.happened}
      action={
        <span className={styles.soft}>
          {home.wasHere ? (
            <>
              {t.home.sinceVisit} <RelativeTime at={home.since} />
            </>
          ) : (
            t.home.week
          )}
        </span>
      }
    >
      {isQuiet ? (
        <p className={styles.soft}>{home.wasHere ? t.home.quiet : t.home.quietWeek}</p>
      ) : (
        <ul className={styles.figures}>
          {figures.map(({ count, name, to }) => (
            <li key={to}>
              <Link to={to}>
                <b>{number(count)}</b> {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.outcomes}>
        <OutcomeCounts counts={outcomes} withWords />
      </div>
    </Section>
  );
}
