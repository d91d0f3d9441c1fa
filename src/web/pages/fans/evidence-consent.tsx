import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/privacy.ts';
import { Fact, Facts } from '../../ui/section.tsx';
import { fullTime } from '../../ui/time.ts';
import type { Pack } from './evidence.tsx';
import styles from './evidence.module.css';

type Consent = Pack['consents'][number];
const w = words.evidence;

/** One agreement: the very words, where they stood, when it held, and how it is known. */
export function EvidenceConsent({
  consent,
  number,
  all,
}: {
  consent: Consent;
  number: number;
  all: readonly Consent[];
}) {
  const { channel, method, text, textVersion, perMonth, grantedAt, activeAt, callToAction } = consent;
  return (
    <article className={styles.consent}>
      <h3>
        {number}. {t.fans.agreement(channel)} {t.fans.how(method)}
        {perMonth !== null && `, ${t.fans.perMonth(perMonth)}`}
      </h3>
      <blockquote className={styles.words}>{text}</blockquote>
      <Facts>
        <Fact name={w.agreed}>{fullTime(grantedAt)}</Fact>
        <Fact name={w.active}>{activeAt === null ? w.notActive : fullTime(activeAt)}</Fact>
        <Fact name={w.until}>{endOf(consent)}</Fact>
        {callToAction !== null && (
          <Fact name={w.stood(callToAction.place)}>
            <a href={callToAction.link} rel="noreferrer">
              {callToAction.link}
            </a>
            , {fullTime(callToAction.publishedAt)}
          </Fact>
        )}
        <Fact name={w.version}>{textVersion}</Fact>
        <Fact name={w.proof}>{proofOf(consent, all)}</Fact>
      </Facts>
    </article>
  );
}

function endOf({ revokedAt, revokedBy }: Consent): string {
  if (revokedAt === null) return w.stillHolds;
  const why = revokedBy === 'replaced' ? w.replaced : w.ended(revokedBy ?? '');
  return `${fullTime(revokedAt)}, ${why}`;
}

/** What was kept when it was given, by the names that people know. */
function proofOf({ source }: Consent, all: readonly Consent[]): string {
  const parts = Object.entries(w.proofs).flatMap(([key, name]) => {
    const value = source[key];
    if (typeof value !== 'string' || value === '') return [];
    const restored = all.findIndex(({ id }) => id === value);
    return [`${name} ${key === 'restores' && restored >= 0 ? `${restored + 1}` : value}`];
  });
  return parts.length === 0 ? t.fans.nothing : parts.join(' · ');
}
