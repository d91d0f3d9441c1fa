import { NumberInput, Radio, Stack } from '@mantine/core';
import { getUsage, limitChoices, setCreditLimit } from '#credits/contract.ts';
import { getHome } from '#home/contract.ts';
import { useAction, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/usage.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { toast } from '../../ui/toast.ts';
import { credits, digits } from './credits-field.ts';

type Account = ResponseOf<typeof getUsage>['sms'];

interface Props {
  kind: 'sms' | 'email';
  name: string;
  limit: Account['limit'];
  isOpen: boolean;
  close: () => void;
}

/** How many credits a month, and what happens at the end of them; an empty field is no limit. */
export function LimitDialog({ kind, name, limit, isOpen, close }: Props) {
  const set = useAction(setCreditLimit, { changes: [getUsage, getHome] });
  return (
    <DialogForm
      title={words.limitTitle(name)}
      isOpen={isOpen}
      close={close}
      initial={{ ...limit, allowance: limit.allowance ?? '', overage: limit.overage ?? '' }}
      action={t.shell.save}
      submit={({ allowance, atLimit, overage }) =>
        set.mutateAsync({
          params: { account: kind },
          body: { allowance: credits(allowance), atLimit, overage: credits(overage) },
        })
      }
      onDone={() => toast(words.limitSaved)}
      renderFields={(form) => (
        <>
          <NumberInput
            label={words.limitAllowance}
            description={words.limitNone}
            {...digits}
            value={form.values.allowance}
            onChange={(value) => form.set('allowance', value)}
            error={form.errors.allowance}
            data-autofocus
          />
          <Radio.Group
            label={words.limitThen}
            value={form.values.atLimit}
            onChange={(value) =>
              form.set('atLimit', limitChoices.find((one) => one === value) ?? form.values.atLimit)
            }
          >
            <Stack gap="xs" mt="xs">
              {limitChoices.map((choice) => (
                <Radio
                  key={choice}
                  value={choice}
                  label={words.limitChoices[choice].label}
                  description={words.limitChoices[choice].what}
                />
              ))}
            </Stack>
          </Radio.Group>
          {form.values.atLimit === 'go_on' && (
            <NumberInput
              label={words.limitOverage}
              description={words.limitNone}
              {...digits}
              value={form.values.overage}
              onChange={(value) => form.set('overage', value)}
              error={form.errors.overage}
            />
          )}
        </>
      )}
    />
  );
}
