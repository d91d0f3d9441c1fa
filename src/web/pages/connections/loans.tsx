import { Switch } from '@mantine/core';
import { lendConnection, listLoans, takeBackConnection } from '#connections/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useHere } from '../../session.ts';
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

function One({ id, loan: { projectId, name, isLent } }: { id: string; loan: Loan }) {
  const { project } = useHere();
  const lend = useAction(lendConnection, { changes });
  const takeBack = useAction(takeBackConnection, { changes });
  const may = useMay('connect');
  const isHere = projectId === project.id;
  const change = () => {
    const call = isLent ? takeBack : lend;
    const said = isLent ? words.takenBack(name) : words.lent(name);
    call.mutateAsync({ params: { id, projectId } }).then(() => toast(said), toastProblem);
  };
  return (
    <Switch
      label={isHere ? words.here(name) : name}
      checked={isLent}
      disabled={!may || isHere || lend.isPending || takeBack.isPending}
      onChange={change}
    />
  );
}
