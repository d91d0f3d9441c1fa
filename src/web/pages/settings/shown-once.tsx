import { Button, Group } from '@mantine/core';
import { t } from '../../catalogue/index.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import styles from './settings.module.css';

/** A secret in the one moment that it can be seen. */
export function ShownOnce({
  label,
  value,
  hint,
  close,
}: {
  label: string;
  value: string;
  hint: string;
  close: () => void;
}) {
  return (
    <>
      <p className={styles.hint}>{hint}</p>
      <CopyField label={label} value={value} />
      <Group justify="flex-end" mt="lg">
        <Button onClick={close}>{t.settings.done}</Button>
      </Group>
    </>
  );
}
