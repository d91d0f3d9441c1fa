import { Button } from '@mantine/core';
import { getHome } from '#home/contract.ts';
import { getSending, resumeSending } from '#kill-switch/contract.ts';
import { useAction, useRead } from '../call.ts';
import { everyMs } from '../every-ms.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { useConfirm } from '../ui/confirm.tsx';
import { toast } from '../ui/toast.ts';
import styles from './notices.module.css';

/** On every page while the kill switch is on, since nothing that a flow sends would explain itself. */
export function StoppedNotice() {
  const { data } = useRead(getSending, {}, { refetchInterval: everyMs.aside });
  const mayResume = useMay('settings');
  const resume = useAction(resumeSending, { changes: [getSending, getHome] });
  const confirm = useConfirm();
  if (data?.isStopped !== true) return null;
  const ask = async () => {
    const isDone = await confirm({
      title: t.sending.resumeTitle,
      text: t.sending.resumeText,
      action: t.sending.resume,
      run: () => resume.mutateAsync({}),
    });
    if (isDone) toast(t.sending.resumeDone);
  };
  return (
    <output className={styles.notice}>
      {t.sending.stopped} {!mayResume && t.sending.onlyManagers}
      {mayResume && (
        <Button size="compact-sm" onClick={() => void ask()}>
          {t.sending.resume}
        </Button>
      )}
    </output>
  );
}
