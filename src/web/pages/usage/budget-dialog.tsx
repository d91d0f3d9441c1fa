import { NumberInput, Radio, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { budgetChoices, listBudgets, setBudget } from '#credits/contract.ts';
import { listFlows } from '#flows/contract.ts';
import { getHome } from '#home/contract.ts';
import { useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/usage.ts';
import { DialogForm, type Form } from '../../forms/dialog-form.tsx';
import { toast } from '../../ui/toast.ts';
import type { Budget } from './budgets.tsx';
import { credits, digits } from './credits-field.ts';

interface Values {
  account: Budget['account'];
  /** '' for the whole project. */
  flowId: string;
  credits: number | string;
  atLimit: Budget['atLimit'];
}

/** How many credits a project may use a day, or a flow a month; an empty field takes the budget away. */
export function BudgetDialog({
  budget,
  isOpen,
  close,
}: {
  /** Null: a new one. */
  budget: Budget | null;
  isOpen: boolean;
  close: () => void;
}) {
  const set = useAction(setBudget, { changes: [listBudgets, getHome] });
  const initial: Values = {
    account: budget?.account ?? 'sms',
    flowId: budget?.flowId ?? '',
    credits: budget?.credits ?? '',
    atLimit: budget?.atLimit ?? 'stop',
  };
  return (
    <DialogForm
      title={budget === null ? words.budgetAdd : words.budgetChange}
      isOpen={isOpen}
      close={close}
      initial={initial}
      action={t.shell.save}
      submit={({ account, flowId, atLimit, credits: typed }) => {
        const amount = credits(typed);
        return set.mutateAsync({
          body: {
            account,
            flowId: flowId === '' ? null : flowId,
            budget: amount === null ? null : { credits: amount, atLimit },
          },
        });
      }}
      fieldOf={(path) => (path === 'budget.credits' ? 'credits' : null)}
      onDone={() => toast(words.limitSaved)}
      renderFields={(form) => (
        <>
          {budget === null && <Place form={form} />}
          <NumberInput
            label={form.values.flowId === '' ? words.budgetADay : words.limitAllowance}
            description={budget === null ? words.budgetZero : words.budgetEmpty}
            required={budget === null}
            {...digits}
            value={form.values.credits}
            onChange={(value) => form.set('credits', value)}
            error={form.errors.credits}
            data-autofocus
          />
          <Radio.Group
            label={words.limitThen}
            value={form.values.atLimit}
            onChange={(value) =>
              form.set('atLimit', budgetChoices.find((one) => one === value) ?? form.values.atLimit)
            }
          >
            <Stack gap="xs" mt="xs">
              {budgetChoices.map((choice) => (
                <Radio
                  key={choice}
                  value={choice}
                  label={words.budgetChoices[choice].label}
                  description={words.budgetChoices[choice].what}
                />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="dimmed">
            {words.budgetAll}
          </Text>
        </>
      )}
    />
  );
}

/** What it is for: kept as it is once it is set. */
function Place({ form }: { form: Form<Values> }) {
  const flows = useRead(listFlows, { query: { limit: 200 } }, { staleTime: 30_000 });
  const options = (flows.data?.items ?? []).map(({ id, name }) => ({
    value: id,
    label: words.budgetOfFlow(name),
  }));
  return (
    <>
      <Select
        label={words.budgetFor}
        data={[{ value: '', label: words.budgetDay }, ...options]}
        value={form.values.flowId}
        allowDeselect={false}
        searchable={options.length > 8}
        onChange={(value) => form.set('flowId', value ?? '')}
      />
      <SegmentedControl
        aria-label={words.budgetKind}
        data={[
          { value: 'sms', label: words.kinds.sms },
          { value: 'email', label: words.kinds.email },
        ]}
        value={form.values.account}
        onChange={(value) => form.set('account', value === 'email' ? 'email' : 'sms')}
      />
    </>
  );
}
