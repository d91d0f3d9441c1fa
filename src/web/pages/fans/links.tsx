import { getArtist, getRelease } from '#releases/contract.ts';
import { Link } from 'react-router';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { useNow } from '../../ui/now.ts';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import styles from './fan.module.css';
import type { Fan } from './fan-words.ts';

type Grant = Fan['grants'][number];

/** Streaming services, until when each link lasts (R58), and what she allowed them for (R100). */
export function Links({ fan }: { fan: Fan }) {
  const purposes = fan.grants[0]?.purposes ?? [];
  return (
    <Section title={t.fans.links}>
      {fan.grants.length === 0 && <p className={styles.quiet}>{t.fans.noLinks}</p>}
      <Facts>
        {fan.grants.map((grant) => (
          <Fact key={grant.service} name={serviceLabel(grant.service)}>
            <LinkState grant={grant} />
          </Fact>
        ))}
      </Facts>
      {purposes.length > 0 && (
        <>
          <h3 className={styles.small}>{t.fans.allowed}</h3>
          <ul className={styles.purposes}>
            {purposes.map((purpose) => (
              <li key={`${purpose.kind} ${purpose.targetId}`}>
                <Purpose purpose={purpose} />
              </li>
            ))}
          </ul>
        </>
      )}
      {fan.connectUrl !== '' && (
        <CopyField label={t.fans.ownPage} hint={t.fans.ownPageHint} value={fan.connectUrl} />
      )}
    </Section>
  );
}

function LinkState({ grant: { state, diesAt } }: { grant: Grant }) {
  const now = useNow();
  if (state === 'live') {
    return <>{diesAt === null ? t.fans.linkStates.live : t.fans.until(dateOf(diesAt, now))}</>;
  }
  const words =
    state === 'expired' && diesAt !== null ? t.fans.ranOut(dateOf(diesAt, now)) : t.fans.linkStates[state];
  return <span className={styles.held}>{words}</span>;
}

function Purpose({ purpose: { kind, targetId } }: { purpose: Grant['purposes'][number] }) {
  const isRelease = kind === 'release';
  const params = { id: targetId };
  const release = useRead(getRelease, { params }, { enabled: isRelease, staleTime: 60_000 });
  const artist = useRead(getArtist, { params }, { enabled: !isRelease, staleTime: 60_000 });
  const name = isRelease ? release.data?.title : artist.data?.name;
  const to = isRelease ? paths.release(targetId) : paths.artist(targetId);
  return (
    <>
      {t.fans.purposes[kind]} {name === undefined ? '…' : <Link to={to}>{name}</Link>}
    </>
  );
}
