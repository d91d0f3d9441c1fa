import { NumberInput, Select } from '@mantine/core';
import { getTextPrices, setTextPrice } from '#credits/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/usage.ts';
import { countryName, listCountries } from '../../country.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { toast } from '../../ui/toast.ts';
import { credits, digits } from './credits-field.ts';
import type { Price } from './prices.tsx';

interface Values {
  country: string;
  credits: number | string;
}

/** What one part to a country costs; an empty field is what the list says. */
export function PriceDialog({
  price,
  otherCredits,
  isOpen,
  close,
}: {
  /** Null: of a country to be chosen. */
  price: Price | null;
  otherCredits: number;
  isOpen: boolean;
  close: () => void;
}) {
  const set = useAction(setTextPrice, { changes: [getTextPrices] });
  const initial: Values = {
    country: price?.country ?? '',
    credits: price?.isOwn === true ? price.credits : '',
  };
  return (
    <DialogForm
      title={price === null ? words.priceAdd : words.priceOf(countryName(price.country))}
      isOpen={isOpen}
      close={close}
      initial={initial}
      action={t.shell.save}
      submit={(values) =>
        set.mutateAsync({ params: { country: values.country }, body: { credits: credits(values.credits) } })
      }
      onDone={() => toast(words.priceSaved)}
      renderFields={(form) => (
        <>
          {price === null && (
            <Select
              label={words.priceCountry}
              data={[...listCountries()]}
              value={form.values.country === '' ? null : form.values.country}
              searchable
              required
              onChange={(value) => form.set('country', value ?? '')}
              data-autofocus
            />
          )}
          <NumberInput
            label={words.priceCredits}
            description={words.priceEmpty(price?.listCredits ?? otherCredits)}
            required={price === null}
            {...digits}
            min={1}
            max={10_000}
            value={form.values.credits}
            onChange={(value) => form.set('credits', value)}
            error={form.errors.credits}
            data-autofocus={price !== null || undefined}
          />
        </>
      )}
    />
  );
}
