import { t } from '../../catalogue/index.ts';
import { Section } from '../../ui/section.tsx';
import { Day } from './day.tsx';
import styles from './fan.module.css';
import { livingConsents, type Fan } from './fan-words.ts';

type Consent = Fan['consents'][number];

/** Every agreement with the very text that was shown; those that hold first. */
export function Agreements({ fan }: { fan: Fan }) {
  const living = livingConsents(fan);
  const earlier = fan.consents.filter(({ revokedAt }) => revokedAt !== null);
  return (
    <Section title={t.fans.agreements}>
      {living.length === 0 && <p className={styles.quiet}>{t.fans.nothingAgreed}</p>}
      {living.map((consent) => (
        <Agreement key={consent.id} consent={consent} />
      ))}
      {earlier.length > 0 && (
        <details className={styles.more} open={living.length === 0}>
          <summary>{t.fans.earlier(earlier.length)}</summary>
          {earlier.map((consent) => (
            <Agreement key={consent.id} consent={consent} />
          ))}
        </details>
      )}
    </Section>
  );
}

function Agreement({ consent }: { consent: Consent }) {
  const { channel, method, grantedAt, activeAt, revokedAt, revokedBy, perMonth, text } = consent;
  return (
    <div className={styles.agreement}>
      <p>
        <strong>{t.fans.agreement(channel)}</strong> {t.fans.how(method)} <Day at={grantedAt} />
        {perMonth !== null && `, ${t.fans.perMonth(perMonth)}`}
      </p>
      {activeAt === null && revokedAt === null && <p className={styles.held}>{t.fans.pending}</p>}
      {revokedAt !== null && (
        <p className={styles.soft}>
          {t.fans.ended(channel, revokedBy)} <Day at={revokedAt} />
        </p>
      )}
      <details className={styles.more}>
        <summary>{t.fans.showText}</summary>
        <blockquote className={styles.words}>{text}</blockquote>
      </details>
    </div>
  );
}
