import type { getRelease } from '#releases/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useHere } from '../../session.ts';
import { useNow } from '../../ui/now.ts';
import { timeLeft } from '../../ui/release-date.ts';
import { Section } from '../../ui/section.tsx';
import { Moment } from '../../ui/times.tsx';
import styles from './releases.module.css';

type Release = ResponseOf<typeof getRelease>;

/** What is left until it is out, and that moment by the person's clock and by the artist's. */
export function Countdown({ release }: { release: Release }) {
  const now = useNow();
  const left = timeLeft(release, now);
  return (
    <Section title={t.releases.when}>
      {release.cancelledAt === null && (
        <>
          <p className={styles.left}>{left === null ? t.releases.out : t.releases.left(left)}</p>
          {left !== null && <p>{t.releases.until}</p>}
        </>
      )}
      <ul className={styles.moments}>
        {release.releaseMode === 'local' ? <LocalMoment release={release} /> : <Moments release={release} />}
      </ul>
    </Section>
  );
}

function LocalMoment({ release: { releaseAt } }: { release: Release }) {
  return (
    <li>
      <Moment at={releaseAt} zone="UTC" /> <span>{t.releases.localClock}</span>
    </li>
  );
}

function Moments({ release: { releaseAt } }: { release: Release }) {
  const { zone } = useHere().project;
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <li>
        <Moment at={releaseAt} /> <span>{t.releases.atYours(own)}</span>
      </li>
      {zone !== own && (
        <li>
          <Moment at={releaseAt} zone={zone} /> <span>{t.releases.atTheirs(zone)}</span>
        </li>
      )}
    </>
  );
}
