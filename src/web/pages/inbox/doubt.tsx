import { Button } from '@mantine/core';
import { getFan } from '#fans/contract.ts';
import { getHome } from '#home/contract.ts';
import { countInbox, decideDoubt, listInbox } from '#messages/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import type { Text } from './inbox-text.tsx';
import styles from './inbox.module.css';

/** R41: whether the words meant STOP. Until somebody says, no text goes to this fan. */
export function Doubt({ text: { id, waitingTexts } }: { text: Text }) {
  const decide = useAction(decideDoubt, { changes: [listInbox, countInbox, getFan, getHome] });
  const confirm = useConfirm();
  const may = useMay('edit');
  const say = (decision: 'opt_out' | 'not_opt_out') =>
    decide.mutateAsync({ params: { id }, body: { decision } });
  const end = async () => {
    const isDone = await confirm({
      title: t.inbox.confirmTitle,
      text: t.inbox.confirmText,
      action: t.inbox.confirmAction,
      isDestructive: true,
      run: () => say('opt_out'),
    });
    if (isDone) toast(t.inbox.optedOut);
  };
  const release = async () => {
    try {
      await say('not_opt_out');
      toast(t.inbox.released);
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <div className={styles.doubt}>
      <p>
        <b>{t.inbox.doubtQuestion}</b> {t.inbox.doubtWhy}
        {waitingTexts > 0 && ` ${t.inbox.waiting(waitingTexts)}`}
      </p>
      {may ? (
        <div className={styles.buttons}>
          <Button size="compact-sm" onClick={() => void end()}>
            {t.inbox.isOptOut}
          </Button>
          <Button size="compact-sm" loading={decide.isPending} onClick={() => void release()}>
            {t.inbox.isNot}
          </Button>
        </div>
      ) : (
        <p>{t.inbox.readOnly}</p>
      )}
    </div>
  );
}
