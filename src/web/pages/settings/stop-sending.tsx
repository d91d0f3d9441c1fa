import { Button } from '@mantine/core';
import { getHome } from '#home/contract.ts';
import { getSending, stopSending } from '#kill-switch/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './settings.module.css';

/** The kill switch. While it is on, the way back stands above every page. */
export function StopSending() {
  const { data } = useRead(getSending);
  const mayStop = useMay('send');
  const stop = useAction(stopSending, { changes: [getSending, getHome] });
  const confirm = useConfirm();
  if (data === undefined || !mayStop) return null;
  const ask = async () => {
    const isDone = await confirm({
      title: t.sending.stopTitle,
      text: t.sending.stopText,
      action: t.sending.stop,
      isDestructive: true,
      run: () => stop.mutateAsync({}),
    });
    if (isDone) toast(t.sending.stopDone);
  };
  return (
    <Section title={t.sending.title}>
      <p className={styles.hint}>{t.sending.hint}</p>
      <div>
        <Button variant="default" disabled={data.isStopped} onClick={() => void ask()}>
          {data.isStopped ? t.sending.stopDone : t.sending.stop}
        </Button>
      </div>
    </Section>
  );
}
