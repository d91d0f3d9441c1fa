import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { listBudgets } from '#credits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { words } from '../../catalogue/usage.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Section } from '../../ui/section.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import styles from './usage.module.css';

export type Budget = ResponseOf<typeof listBudgets>['items'][number];

/** What the project may use a day and single flows a month, beside the allowance of the month. */
export function Budgets() {
  const budgets = useRead(listBudgets, {}, { refetchInterval: 30_000 });
  const mayChange = useMay('settings');
  const [isOpen, dialog] = useDisclosure(false);
  const columns: readonly Column<Budget>[] = [
    { label: words.budgetFor, render: (budget) => <For budget={budget} /> },
    { label: words.budgetUsed, align: 'right', render: (budget) => <Used budget={budget} /> },
    { label: words.limitThen, isSecondary: true, render: ({ atLimit }) => words.budgetThen[atLimit] },
    ...(mayChange
      ? [
          {
            label: '',
            name: words.budgetChange,
            align: 'right' as const,
            render: (one: Budget) => <Change budget={one} />,
          },
        ]
      : []),
  ];
  return (
    <Section
      title={words.budgets}
      action={
        mayChange && (
          <Button size="compact-sm" onClick={dialog.open}>
            {words.budgetAdd}
          </Button>
        )
      }
    >
      <List
        label={words.budgets}
        pages={{ ...budgets, items: budgets.data?.items }}
        columns={columns}
        keyOf={({ account, flowId }) => `${account} ${flowId ?? ''}`}
        expected={1}
        empty={<p className={styles.soft}>{words.budgetNone}</p>}
      />
      <BudgetDialog budget={null} isOpen={isOpen} close={dialog.close} />
    </Section>
  );
}

function For({ budget: { account, flowId, flowName } }: { budget: Budget }) {
  const kind = <small className={styles.kind}>{words.kinds[account]}</small>;
  if (flowId === null)
    return (
      <>
        {words.budgetDay} {kind}
      </>
    );
  return (
    <>
      <Link to={paths.flow(flowId)}>{flowName}</Link> {words.budgetMonth} {kind}
    </>
  );
}

function Used({ budget: { used, reserved, credits } }: { budget: Budget }) {
  return (
    <>
      {words.used(used + reserved, credits)}
      {used + reserved >= credits && <output className={styles.ended}>{words.budgetOver}</output>}
    </>
  );
}

function Change({ budget }: { budget: Budget }) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-sm"
        onClick={dialog.open}
        aria-label={words.budgetChangeOf(budget.flowName, words.kinds[budget.account])}
      >
        {words.budgetChange}
      </Button>
      <BudgetDialog budget={budget} isOpen={isOpen} close={dialog.close} />
    </>
  );
}
