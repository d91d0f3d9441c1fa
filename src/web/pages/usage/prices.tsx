import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { getTextPrices } from '#credits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { words } from '../../catalogue/usage.ts';
import { countryName } from '../../country.ts';
import { useMay } from '../../may.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Section } from '../../ui/section.tsx';
import { PriceDialog } from './price-dialog.tsx';
import styles from './usage.module.css';

export type Price = ResponseOf<typeof getTextPrices>['items'][number];

/** What a part of a text costs by country, and the account's own prices in place of the list's. */
export function Prices() {
  const prices = useRead(getTextPrices, {}, { staleTime: 30_000 });
  const mayChange = useMay('settings');
  const [isOpen, dialog] = useDisclosure(false);
  const columns: readonly Column<Price>[] = [
    { label: words.priceCountry, render: ({ country }) => countryName(country) },
    { label: words.priceCredits, align: 'right', render: (price) => <Credits price={price} /> },
    ...(mayChange
      ? [
          {
            label: '',
            name: words.budgetChange,
            align: 'right' as const,
            render: (one: Price) => <Change price={one} />,
          },
        ]
      : []),
  ];
  const other = prices.data?.otherCredits ?? 0;
  return (
    <Section
      title={words.prices}
      action={
        mayChange && (
          <Button size="compact-sm" onClick={dialog.open}>
            {words.priceAdd}
          </Button>
        )
      }
    >
      <p className={styles.soft}>{words.pricesWhy}</p>
      <List
        label={words.prices}
        pages={{ ...prices, items: prices.data?.items.toSorted(byName) }}
        columns={columns}
        keyOf={({ country }) => country}
        expected={9}
        empty={null}
      />
      {prices.data !== undefined && (
        <p className={styles.soft}>
          {words.priceOther}: {number(other)}
        </p>
      )}
      <PriceDialog price={null} otherCredits={other} isOpen={isOpen} close={dialog.close} />
    </Section>
  );
}

const byName = (a: Price, b: Price) => countryName(a.country).localeCompare(countryName(b.country), 'en');

function Credits({ price: { credits, listCredits, isOwn } }: { price: Price }) {
  return (
    <>
      {number(credits)}
      {isOwn && <small className={styles.own}>{words.priceOwn(listCredits)}</small>}
    </>
  );
}

function Change({ price }: { price: Price }) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        size="compact-sm"
        onClick={dialog.open}
        aria-label={words.priceChange(countryName(price.country))}
      >
        {words.budgetChange}
      </Button>
      <PriceDialog price={price} otherCredits={price.listCredits} isOpen={isOpen} close={dialog.close} />
    </>
  );
}
