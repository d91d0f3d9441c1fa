import { phoneNumber } from '../../catalogue/format.ts';
import { words } from '../../catalogue/privacy.ts';
import { Section } from '../../ui/section.tsx';
import { fullTime } from '../../ui/time.ts';
import type { Pack } from './evidence.tsx';
import styles from './evidence.module.css';

const w = words.evidence;
const shown = (channel: string, address: string) => (channel === 'sms' ? phoneNumber(address) : address);

/** Both sides in the order of time: what went out with what permitted it, and what the fan wrote. */
export function EvidenceMessages({ pack: { messages, received, consents } }: { pack: Pack }) {
  const lines = [
    ...messages.map((message) => ({ at: message.at, message, heard: null })),
    ...received.map((heard) => ({ at: heard.at, message: null, heard })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    <Section title={w.messages}>
      {lines.length === 0 && <p className={styles.quiet}>{w.noMessages}</p>}
      <ol className={styles.messages}>
        {lines.map(({ at, message, heard }, place) => (
          // Nothing is added to what was made once.
          <li key={place}>
            <p className={styles.quiet}>
              {fullTime(at)} ·{' '}
              {message === null
                ? w.wrote
                : `${w.sent} ${shown(message.channel, message.from)} → ${shown(message.channel, message.to)}`}
            </p>
            <p className={styles.body}>{message?.body ?? heard?.body ?? w.bodyGone}</p>
            {message !== null && (
              <p className={styles.quiet}>
                {w.basisLabel}: {w.basis[message.basis]}
                {message.consentId !== null &&
                  ` (${consents.findIndex(({ id }) => id === message.consentId) + 1})`}
                {message.flow !== null && ` · ${message.flow}`}
                {message.delivery !== null && ` · ${message.delivery}`}
              </p>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
