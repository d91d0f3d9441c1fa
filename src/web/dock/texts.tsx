import { IconClock } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { t } from '../catalogue/index.ts';
import { Problem } from '../ui/problem.tsx';
import { timeOfDay } from '../ui/time.ts';
import { cityOf } from './city.ts';
import styles from './dock.module.css';
import { LinkedWords } from './linked-words.tsx';
import type { PhoneText, Texting } from './use-texts.ts';

interface TextsProps {
  /** Whose phone, and where it is. */
  number: string;
  zone: string;
  texts: Texting;
  openPage: (url: string) => void;
  /** Each text says which of the project's numbers it went to or came from. */
  isWithNumbers: boolean;
}

/** Bubbles as the carrier delivers them, each with what became of it. */
export function Texts({ number, zone, texts, ...rest }: TextsProps) {
  const { items, leaving, waitsUntil, error } = texts;
  const end = useRef<HTMLDivElement>(null);
  const shown = useRef(0);
  const count = (items?.length ?? 0) + (leaving === null ? 0 : 1) + (waitsUntil === null ? 0 : 1);
  useEffect(() => {
    // Only for a new one: whoever reads further up stays there.
    if (shown.current === count) return;
    shown.current = count;
    const list = end.current?.parentElement;
    if (list != null) list.scrollTop = list.scrollHeight;
  }, [count]);
  return (
    // A list that scrolls is reached by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={styles.texts} role="log" aria-label={t.sandbox.texts(number)} tabIndex={0}>
      {items === undefined && error !== null && <Problem error={error} again={() => void texts.refetch()} />}
      {items?.length === 0 && leaving === null && <p className={styles.quiet}>{t.sandbox.noTexts}</p>}
      {items?.map((text) => (
        <Bubble key={text.id} text={text} zone={zone} {...rest} />
      ))}
      {leaving !== null && items?.at(-1)?.body !== leaving && (
        <div className={styles.bubble} data-from="fan">
          <p>{leaving}</p>
          <small>{t.sandbox.sending}</small>
        </div>
      )}
      {waitsUntil !== null && (
        <p className={styles.waits}>
          <IconClock size={14} stroke={1.6} aria-hidden />
          {t.sandbox.waitsUntil(timeOfDay(waitsUntil, { zone }), cityOf(zone))}
        </p>
      )}
      <div ref={end} />
    </div>
  );
}

type BubbleProps = Omit<TextsProps, 'number' | 'texts'> & { text: PhoneText };

function Bubble({ text, zone, openPage, isWithNumbers }: BubbleProps) {
  const { direction, body, status, parts, at, from, to } = text;
  return (
    <div className={styles.bubble} data-from={direction === 'out' ? 'fan' : 'artist'}>
      <p>
        <LinkedWords words={body} openPage={openPage} />
      </p>
      <small>
        {timeOfDay(at, { zone })} · {t.sandbox.status[status] ?? status}
        {parts > 1 && ` · ${t.sandbox.parts(parts)}`}
        {isWithNumbers && ` · ${direction === 'out' ? t.sandbox.sentTo(to) : t.sandbox.cameFrom(from)}`}
      </small>
    </div>
  );
}
