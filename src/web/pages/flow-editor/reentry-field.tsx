import { NumberInput, Radio, Select } from '@mantine/core';
import { useState } from 'react';
import type { FlowDefinition } from '#flows/definition.ts';
import { t } from '../../catalogue/index.ts';
import styles from './form.module.css';

type Reentry = FlowDefinition['reentry'];
const sizes = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
type Unit = keyof typeof sizes;
const units: readonly Unit[] = ['days', 'hours', 'minutes', 'seconds'];

/** The largest unit that says it exactly. */
function unitOf(seconds = 60): Unit {
  return units.find((unit) => seconds >= sizes[unit] && seconds % sizes[unit] === 0) ?? 'seconds';
}

const isPolicy = (value: string): value is Reentry['policy'] =>
  ['once', 'cooldown', 'always'].includes(value);

/** How often one fan may go through the flow (R29). */
export function ReentryField({
  value,
  error,
  onChange,
}: {
  value: Reentry;
  error: string | undefined;
  onChange: (reentry: Reentry) => void;
}) {
  const [unit, setUnit] = useState<Unit>(() => unitOf(value.seconds));
  const set = (count: number, of: Unit) =>
    onChange({
      policy: 'cooldown',
      seconds: Math.min(Math.max(1, Math.round(count * sizes[of])), 366 * 86_400),
    });
  const words = t.editor.reentry;
  return (
    <div className={styles.field}>
      <Radio.Group
        label={words.label}
        value={value.policy}
        onChange={(policy) => {
          if (policy === 'cooldown') set(value.seconds ?? 60, 'seconds');
          else if (isPolicy(policy)) onChange({ policy });
        }}
      >
        <Radio value="once" label={words.once} mt="xs" />
        <Radio value="cooldown" label={words.cooldown} mt="xs" />
        {value.policy === 'cooldown' && (
          <div className={styles.pair} data-inset>
            <NumberInput
              aria-label={words.length}
              error={error}
              min={1}
              value={(value.seconds ?? 60) / sizes[unit]}
              onChange={(count) => Number(count) > 0 && set(Number(count), unit)}
            />
            <Select
              aria-label={t.editor.unit}
              data={units.toReversed().map((one) => ({ value: one, label: words.units[one] }))}
              value={unit}
              allowDeselect={false}
              onChange={(next) => {
                const chosen = units.find((one) => one === next) ?? 'seconds';
                setUnit(chosen);
                set((value.seconds ?? 60) / sizes[unit], chosen);
              }}
            />
          </div>
        )}
        <Radio value="always" label={words.always} mt="xs" />
      </Radio.Group>
    </div>
  );
}
