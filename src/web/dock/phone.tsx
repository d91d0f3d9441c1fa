import { Chip, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { DockAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useNow } from '../ui/now.ts';
import { timeOfDay } from '../ui/time.ts';
import { cityOf } from './city.ts';
import { Compose } from './compose.tsx';
import styles from './dock.module.css';
import { FanPage } from './fan-page.tsx';
import { RunLine } from './run-line.tsx';
import { Texts } from './texts.tsx';
import { useTexts } from './use-texts.ts';

export type PhoneOf = DockAnswer['phones'][number];

interface PhoneProps {
  dock: DockAnswer;
  isShown: boolean;
  /** Who holds it at first. */
  first: PhoneOf | undefined;
}

/** A phone that somebody holds: her texts, her page, and below it what her texts set going. */
export function Phone({ dock, isShown, first }: PhoneProps) {
  const [held, setHeld] = useState(first?.number);
  const holder = dock.phones.find((one) => one.number === held) ?? dock.phones[0];
  if (holder === undefined) return null;
  return (
    <div className={styles.slot}>
      <fieldset className={styles.holders}>
        <legend>{t.sandbox.holder}</legend>
        <Chip.Group value={holder.number} onChange={setHeld}>
          {dock.phones.map((one) => (
            <Chip key={one.number} value={one.number} size="xs" variant="outline" color="ink">
              {t.sandbox.holders[one.who]}
            </Chip>
          ))}
        </Chip.Group>
      </fieldset>
      {/* A phone of one's own: what was typed on another stays there. */}
      <Screen key={holder.number} holder={holder} dock={dock} isShown={isShown} />
    </div>
  );
}

interface ScreenProps {
  holder: PhoneOf;
  dock: DockAnswer;
  isShown: boolean;
}

function Screen({ holder, dock: { numbers, keyword }, isShown }: ScreenProps) {
  const [chosen, setChosen] = useState(numbers[0]);
  const to = numbers.find((one) => one === chosen) ?? numbers[0] ?? '';
  const hasSeveral = numbers.length > 1;
  const [page, setPage] = useState<string | null>(null);
  const texts = useTexts(holder.number, isShown);
  const now = useNow();
  const isKnownByNow = holder.who === 'unknown' && (texts.items?.length ?? 0) > 0;
  return (
    <>
      <section className={styles.phone} aria-label={t.sandbox.phone(holder.number)}>
        <header className={styles.bar}>
          <strong>{holder.name ?? holder.number}</strong>
          <span>
            {t.sandbox.here(timeOfDay(now.toISOString(), { zone: holder.zone }), cityOf(holder.zone))}
          </span>
          {!isKnownByNow && <p>{t.sandbox.holderHints[holder.who]}</p>}
        </header>
        {page === null ? (
          <>
            <Texts
              number={holder.number}
              zone={holder.zone}
              texts={texts}
              openPage={setPage}
              isWithNumbers={hasSeveral}
            />
            {hasSeveral && (
              <NativeSelect
                className={styles.to}
                size="xs"
                aria-label={t.sandbox.to}
                data={[...numbers]}
                value={to}
                onChange={(event) => setChosen(event.currentTarget.value)}
              />
            )}
            <Compose from={holder.number} to={to} keyword={keyword} texts={texts} />
          </>
        ) : (
          <FanPage url={page} close={() => setPage(null)} />
        )}
      </section>
      <RunLine
        fan={{ phone: holder.number }}
        name={holder.number}
        isShown={isShown}
        isFresh={texts.isFresh}
      />
    </>
  );
}
