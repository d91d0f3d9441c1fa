import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { previewFlowText } from '#flows/editor/contract.ts';
import { keyOf, send, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { requestOf, type Draft } from './draft.ts';
import type { CardProps } from './form-of-card.tsx';
import styles from './outlook.module.css';

type Reading = ResponseOf<typeof previewFlowText>['readings'][number];

/** A text on a phone, as each kind of reader gets it, and what it costs. */
export function TextPreview({ kept: { draft }, position }: CardProps & { position: number }) {
  const [reader, setReader] = useState<Reading['reader']>('new');
  const { readings, problem, isFailed } = useReadings(draft, position);
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
      <p className={styles.quiet}>{t.editor.length(reading.characters, reading.parts)}</p>
      <p className={styles.quiet}>{t.editor.encoding[reading.encoding]}</p>
    </section>
  );
}

/** Asked for a moment after the last letter; what was shown stays until the next is there. */
function useReadings(draft: Draft, position: number) {
  const { trigger, steps } = requestOf(draft);
  const [wanted] = useDebouncedValue(JSON.stringify({ trigger, steps, position }), 300);
  // What cannot be saved cannot be shown either; its field says why.
  const body = useMemo(() => previewFlowText.body?.safeParse(JSON.parse(wanted)), [wanted]);
  const answer = useQuery({
    queryKey: [...keyOf(previewFlowText), wanted],
    queryFn: ({ signal }) =>
      // As: not asked for without.
      send(previewFlowText, { body: body?.data as NonNullable<typeof body>['data'] & object }, signal),
    enabled: body?.success === true,
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
  return {
    readings: answer.data?.readings ?? [],
    problem: answer.data?.problem ?? null,
    isFailed: answer.isError,
  };
}
