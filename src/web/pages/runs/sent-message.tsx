import type { RunMessage } from '#runs/contract.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { Moment } from '../../ui/times.tsx';
import styles from './runs.module.css';

/** What the fan got, word for word. */
export function SentMessage({ message }: { message: RunMessage }) {
  const { body, from, to, sentAt, state, parts, channel, attempt } = message;
  return (
    <figure className={styles.sent}>
      <blockquote>{body ?? <em>{t.runs.noBody}</em>}</blockquote>
      <figcaption>
        {phoneNumber(from)} → {phoneNumber(to)} · {t.runs.messageStates[state]} <Moment at={sentAt} seconds />
        {channel === 'sms' && ` · ${t.runs.parts(parts)}`}
        {attempt > 1 && ` · ${t.runs.attempt(attempt)}`}
      </figcaption>
    </figure>
  );
}
