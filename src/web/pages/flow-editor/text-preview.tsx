import { Select } from '@mantine/core';
import { useState } from 'react';
import { previewFlowText } from '#flows/editor/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import type { Draft } from './draft.ts';
import type { CardProps } from './form-of-card.tsx';
import styles from './outlook.module.css';
import { useReadings } from './use-readings.ts';

type Reading = ResponseOf<typeof previewFlowText>['readings'][number];

/** A text on a phone, as each kind of reader gets it, and what it costs. */
export function TextPreview({ kept: { draft }, position }: CardProps & { position: number }) {
  const [reader, setReader] = useState<Reading['reader']>('new');
  const { readings, problem, isFailed } = useReadings(previewFlowText, draft, position);
  const reading = readings.find((one) => one.reader === reader) ?? readings[0];
  return (
    <>
      <section>
        <h2>{t.editor.preview}</h2>
        {readings.length > 1 && (
          <Select
            aria-label={t.editor.reader}
            size="xs"
            data={readings.map((one) => ({ value: one.reader, label: t.editor.readers[one.reader] }))}
            value={reading?.reader ?? null}
            allowDeselect={false}
            onChange={(value) => setReader(readings.find((one) => one.reader === value)?.reader ?? 'new')}
          />
        )}
        <div className={styles.phone}>
          {asked(draft) !== null && (
            <p className={styles.bubble} data-from="fan">
              {asked(draft)}
            </p>
          )}
          {reading === undefined ? (
            <p className={styles.quiet}>
              {problem ?? (isFailed ? t.editor.previewFailed : t.editor.previewNone)}
            </p>
          ) : (
            <Bubble reading={reading} />
          )}
          {reading?.pieces.some(({ by }) => by === 'system') === true && (
            <p className={styles.quiet}>{t.editor.previewSystem}</p>
          )}
        </div>
      </section>
      <Cost readings={readings} reading={reading} />
    </>
  );
}

/** What the fan texted, where the trigger is a text. */
function asked({ trigger }: Draft): string | null {
  const words = trigger.config['keywords'];
  return Array.isArray(words) && typeof words[0] === 'string' ? words[0] : null;
}

function Bubble({ reading }: { reading: Reading }) {
  return (
    <p className={styles.bubble} data-from="artist">
      {reading.pieces.map(({ by, text }, index) => (
        <span key={index} className={by === 'system' ? styles.system : undefined}>
          {text}
        </span>
      ))}
    </p>
  );
}

/** R80–R82: parts as carriers count them; what a hundred fans come to. */
function Cost({ readings, reading }: { readings: readonly Reading[]; reading: Reading | undefined }) {
  if (reading === undefined) return null;
  const most = Math.max(...readings.map(({ credits }) => credits));
  return (
    <section>
      <h2>{t.editor.cost}</h2>
      <p className={styles.cost}>{t.editor.costText(reading.parts, reading.credits)}</p>
      <p className={styles.quiet}>{t.editor.costHundred(most * 100)}</p>
      <p className={styles.quiet}>
        {reading.lighter === null
          ? t.editor.length(reading.characters, reading.parts)
          : t.editor.lighter(reading.characters, reading.parts, reading.lighter)}
      </p>
      <p className={styles.quiet}>{t.editor.encoding[reading.encoding]}</p>
    </section>
  );
}
