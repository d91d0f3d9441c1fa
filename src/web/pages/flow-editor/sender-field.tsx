import { Select } from '@mantine/core';
import { Link } from 'react-router';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import styles from './form.module.css';
import type { FlowFacts } from './subjects.ts';

interface SenderFieldProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  value: string | null;
  onChange: (connectionId: string | null) => void;
  senders: readonly Pick<FlowFacts['senders'][number], 'connectionId' | 'label' | 'value'>[] | undefined;
  placeholder?: string;
  /** What is said where there is no sender. */
  none?: { words: string; connect: string };
}

/** One of the project's numbers or addresses; where there is none, the way to one. */
export function SenderField({
  label,
  description,
  error,
  value,
  onChange,
  senders,
  placeholder,
  none = { words: t.editor.keywords.noNumbers, connect: t.editor.keywords.connect },
}: SenderFieldProps) {
  // A connection with several numbers is one choice: its first number stands for it.
  const byConnection = new Map((senders ?? []).map((one) => [one.connectionId, one]));
  const data = [...byConnection.values()].map((one) => ({
    value: one.connectionId,
    label: one.label === one.value ? one.value : `${one.value} (${one.label})`,
  }));
  return (
    <div>
      <Select
        label={label}
        description={description}
        error={error}
        data={data}
        value={value}
        onChange={onChange}
        clearable
        placeholder={placeholder ?? t.editor.senderAny}
      />
      {senders?.length === 0 && (
        <p className={styles.hint}>
          {none.words} <Link to={paths.connections()}>{none.connect}</Link>
        </p>
      )}
    </div>
  );
}
