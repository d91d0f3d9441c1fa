import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { listBudgets } from '#credits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
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
    { label: t.usage.budgetFor, render: (budget) => <For budget={budget} /> },
    { label: t.usage.budgetKind, render: ({ account }) => t.usage.kinds[account] },
    { label: t.usage.budgetUsed, align: 'right', render: (budget) => <Used budget={budget} /> },
    { label: t.usage.limitThen, isSecondary: true, render: ({ atLimit }) => t.usage.budgetThen[atLimit] },
    ...(mayChange
      ? [{ label: '', name: t.usage.budgetChange, render: (one: Budget) => <Change budget={one} /> }]
      : []),
  ];
  return (
    <Section
      title={t.usage.budgets}
      action={
        mayChange && (
          <Button size="compact-sm" onClick={dialog.open}>
            {t.usage.budgetAdd}
          </Button>
        )
      }
    >
      <List
        label={t.usage.budgets}
        pages={{ ...budgets, items: budgets.data?.items }}
        columns={columns}
        keyOf={({ account, flowId }) => `${account} ${flowId ?? ''}`}
        expected={1}
        empty={<p className={styles.soft}>{t.usage.budgetNone}</p>}
      />
      <BudgetDialog budget={null} isOpen={isOpen} close={dialog.close} />
    </Section>
  );
}

function For({ budget: { flowId, flowName } }: { budget: Budget }) {
  if (flowId === null) return t.usage.budgetDay;
  return (
    <>
      <Link to={paths.flow(flowId)}>{flowName}</Link> {t.usage.budgetMonth}
    </>
  );
}

function Used({ budget: { used, reserved, credits } }: { budget: Budget }) {
  return (
    <>
      {t.usage.used(used + reserved, credits)}
      {used + reserved >= credits && <output className={styles.ended}>{t.usage.budgetOver}</output>}
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
        aria-label={t.usage.budgetChangeOf(budget.flowName, t.usage.kinds[budget.account])}
      >
        {t.usage.budgetChange}
      </Button>
      <BudgetDialog budget={budget} isOpen={isOpen} close={dialog.close} />
    </>
  );
}
