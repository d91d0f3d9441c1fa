import { Select } from '@mantine/core';
import { t } from '../catalogue/index.ts';

interface ChoiceProps {
  label: string;
  description?: string;
  error?: string | undefined;
  /** Shown while nothing is chosen: what that means. */
  placeholder: string;
  /** '' where nothing is chosen. */
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string }[];
}

/** One of a few, or none: the choice can be taken back, by keyboard too. */
export function Choice({ value, onChange, options, label, ...field }: ChoiceProps) {
  return (
    <Select
      {...field}
      label={label}
      data={options}
      value={value === '' ? null : value}
      onChange={(next) => onChange(next ?? '')}
      clearable
      clearButtonProps={{ 'aria-label': t.shell.pickerClear(label), 'aria-hidden': false, tabIndex: 0 }}
    />
  );
}
