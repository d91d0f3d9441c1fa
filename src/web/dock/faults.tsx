import { Button, Select } from '@mantine/core';
import { faultAnswer, faultsAnswer, faultToSet, type DockAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { toast, toastProblem } from '../ui/toast.ts';
import styles from './dock.module.css';
import { useSandbox, useTellSandbox } from './sandbox-call.ts';

const modes = faultToSet.shape.mode.options;

/** Switches that break the providers of this project, and the one that mends them. */
export function Faults({ dock }: { dock: DockAnswer }) {
  const may = useMay('edit');
  const faults = useSandbox(faultsAnswer, '/faults');
  const set = useTellSandbox(faultAnswer, '/faults');
  const broken = faults.data?.items ?? [];
  const mend = async () => {
    for (const { connector } of broken) await set.mutateAsync({ connector, mode: 'ok' });
    toast(t.sandbox.mended);
  };
  return (
    <section className={styles.faults} aria-label={t.sandbox.providers}>
      <h3>{t.sandbox.providers}</h3>
      <p className={styles.quiet}>{may ? t.sandbox.providersHint : t.sandbox.viewer}</p>
      {dock.providers.map(({ connector, label }) => (
        <Select
          key={connector}
          label={label}
          disabled={!may || set.isPending}
          data={modes.map((mode) => ({ value: mode, label: t.sandbox.modes[mode] }))}
          value={broken.find((one) => one.connector === connector)?.mode ?? 'ok'}
          allowDeselect={false}
          onChange={(mode) => set.mutate({ connector, mode }, { onError: toastProblem })}
        />
      ))}
      {broken.length > 0 && may && (
        <Button onClick={() => void mend().catch(toastProblem)}>{t.sandbox.mend}</Button>
      )}
    </section>
  );
}
