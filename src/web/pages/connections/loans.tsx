import { Switch } from '@mantine/core';
import { lendConnection, listLoans, takeBackConnection } from '#connections/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useHere } from '../../session.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Section } from '../../ui/section.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import styles from './connections.module.css';

type Loan = ResponseOf<typeof listLoans>['items'][number];

const words = t.connections.loans;
const changes = [listLoans];

/** R117: the account's projects, each with a switch; nothing where there is only this one. */
export function Loans({ connectionId }: { connectionId: string }) {
  const { data } = useRead(listLoans, { params: { id: connectionId } });
  if (data === undefined || data.items.length < 2) return null;
  return (
    <Section title={words.title}>
      <p>{words.text}</p>
      <div className={styles.loans}>
        {data.items.map((loan) => (
          <One key={loan.projectId} id={connectionId} loan={loan} />
        ))}
      </div>
    </Section>
  );
}

function One({ id, loan: { projectId, name, isLent, flows } }: { id: string; loan: Loan }) {
  const { project } = useHere();
  const lend = useAction(lendConnection, { changes });
  const takeBack = useAction(takeBackConnection, { changes });
  const confirm = useConfirm();
  const may = useMay('connect');
  const isHere = projectId === project.id;
  const change = async () => {
    const params = { id, projectId };
    if (!isLent) {
      await lend.mutateAsync({ params }).then(() => toast(words.lent(name)), toastProblem);
      return;
    }
    const isDone = await confirm({
      title: words.takeBackTitle(name),
      text: words.takeBackText(name, flows),
      action: words.takeBack,
      run: () => takeBack.mutateAsync({ params }),
    });
    if (isDone) toast(words.takenBack(name));
  };
  return (
    <Switch
      label={isHere ? words.here(name) : name}
      checked={isLent}
      disabled={!may || isHere || lend.isPending || takeBack.isPending}
      onChange={() => void change()}
    />
  );
}
