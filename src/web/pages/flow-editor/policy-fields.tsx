import { NumberInput, Radio, Select, Switch } from '@mantine/core';
import { useState } from 'react';
import type { FlowStep } from '#flows/contract.ts';
import { t } from '../../catalogue/index.ts';
import styles from './form.module.css';

interface PolicyFieldsProps {
  step: FlowStep;
  onChange: (policy: Partial<FlowStep>) => void;
}

/** What should happen where something is missing, or goes wrong. */
export function PolicyFields({ step, onChange }: PolicyFieldsProps) {
  return (
    <details className={styles.more} open={isSet(step)}>
      <summary>{t.editor.unmet}</summary>
      <p className={styles.hint}>{t.editor.unmetHint}</p>
      <Radio.Group
        label={t.editor.onUnmet}
        value={step.onUnmet}
        onChange={(value) => onChange({ onUnmet: value === 'skip' ? 'skip' : 'defer' })}
      >
        <Radio value="defer" label={t.editor.wait} mt="xs" />
        <Radio value="skip" label={t.editor.skip} mt="xs" />
      </Radio.Group>
      {step.onUnmet === 'defer' && (
        <DeadlineField hours={step.deadlineHours} onChange={(deadlineHours) => onChange({ deadlineHours })} />
      )}
      <Switch
        label={t.editor.stopOnFailure}
        description={t.editor.stopOnFailureHint}
        checked={step.stopOnFailure}
        onChange={(event) => onChange({ stopOnFailure: event.currentTarget.checked })}
      />
    </details>
  );
}

function isSet({ onUnmet, deadlineHours, stopOnFailure }: FlowStep): boolean {
  return onUnmet === 'skip' || deadlineHours !== undefined || stopOnFailure;
}

const yearHours = 24 * 365;

function DeadlineField({
  hours,
  onChange,
}: {
  hours: number | undefined;
  onChange: (hours: number | undefined) => void;
}) {
  const [unit, setUnit] = useState<'hours' | 'days'>(
    hours !== undefined && hours % 24 === 0 ? 'days' : 'hours',
  );
  const size = unit === 'days' ? 24 : 1;
  return (
    <div className={styles.pair}>
      <NumberInput
        label={t.editor.deadline}
        description={t.editor.deadlineHint}
        value={hours === undefined ? '' : hours / size}
        min={1}
        max={yearHours / size}
        clampBehavior="strict"
        onChange={(value) =>
          onChange(value === '' || Number(value) < 1 ? undefined : Math.min(Number(value) * size, yearHours))
        }
      />
      <Select
        aria-label={t.editor.unit}
        data={[
          { value: 'hours', label: t.editor.hours },
          { value: 'days', label: t.editor.days },
        ]}
        value={unit}
        allowDeselect={false}
        onChange={(next) => setUnit(next === 'days' ? 'days' : 'hours')}
      />
    </div>
  );
}
