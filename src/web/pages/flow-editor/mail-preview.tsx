import { SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import { previewFlowEmail } from '#flows/editor/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import type { CardProps } from './form-of-card.tsx';
import styles from './outlook.module.css';
import { useReadings } from './use-readings.ts';

type Reading = ResponseOf<typeof previewFlowEmail>['readings'][number];
type Block = Reading['blocks'][number];

/** A mail as each kind of reader gets it, drawn or as plain text, and what it costs. */
export function MailPreview({ kept: { draft }, position }: CardProps & { position: number }) {
  const [reader, setReader] = useState<Reading['reader']>('new');
  const [kind, setKind] = useState<'html' | 'text'>('html');
  const { readings, problem, isFailed } = useReadings(previewFlowEmail, draft, position);
  const reading = readings.find((one) => one.reader === reader) ?? readings[0];
  return (
    <>
      <section>
        <h2>{t.editor.mail.preview}</h2>
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
        <div className={styles.mail}>
          {reading === undefined ? (
            <p className={styles.quiet}>
              {problem ?? (isFailed ? t.editor.previewFailed : t.editor.previewNone)}
            </p>
          ) : (
            <Mail reading={reading} kind={kind} />
          )}
        </div>
        {reading !== undefined && (
          <SegmentedControl
            className={styles.kind}
            aria-label={t.editor.mail.kind}
            size="xs"
            value={kind}
            data={[
              { value: 'html', label: t.editor.mail.html },
              { value: 'text', label: t.editor.mail.text },
            ]}
            onChange={(value) => setKind(value === 'text' ? 'text' : 'html')}
          />
        )}
      </section>
      <section>
        <h2>{t.editor.cost}</h2>
        <p className={styles.cost}>{t.editor.mail.cost}</p>
        <p className={styles.quiet}>{t.editor.mail.hundred}</p>
        <p className={styles.quiet}>{t.editor.mail.system}</p>
      </section>
    </>
  );
}

function Mail({ reading, kind }: { reading: Reading; kind: 'html' | 'text' }) {
  return (
    <>
      <p className={styles.subject}>{reading.subject}</p>
      {kind === 'text' ? (
        <p className={styles.plain}>{reading.text}</p>
      ) : (
        <>
          {reading.blocks.map((block, index) => (
            <Drawn key={index} block={block} />
          ))}
          <p className={styles.footer}>{reading.footer.join('\n')}</p>
        </>
      )}
    </>
  );
}

/** Nothing in a preview leads anywhere: a link is drawn, not made. */
function Drawn({ block }: { block: Block }) {
  if (block.kind === 'button') return <p className={styles.button}>{block.label}</p>;
  const words = block.parts.map((part, index) => {
    if (part.kind === 'link') return <u key={index}>{part.label}</u>;
    return part.kind === 'strong' ? <b key={index}>{part.text}</b> : <span key={index}>{part.text}</span>;
  });
  return block.kind === 'heading' ? <h3>{words}</h3> : <p>{words}</p>;
}
