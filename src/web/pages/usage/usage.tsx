import {
  getReconciliation,
  getTextPrices,
  getUsage,
  getUsageDetails,
  listBudgets,
} from '#credits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { words } from '../../catalogue/usage.ts';
import { Bars } from '../../ui/bars.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/loading.tsx';
import { formatMoney } from '../../ui/money.tsx';
import { useNow } from '../../ui/now.ts';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import { Allowance } from './allowance.tsx';
import { Budgets } from './budgets.tsx';
import { Prices } from './prices.tsx';
import { ByFlow } from './by-flow.tsx';
import { Reconciliation } from './reconciliation.tsx';
import styles from './usage.module.css';

export type Details = ResponseOf<typeof getUsageDetails>;

/** What messages of this month cost, about: as a whole, by day and by flow. */
export function Component() {
  const usage = useRead(getUsage, {}, { refetchInterval: 30_000 });
  const details = useRead(getUsageDetails, {}, { refetchInterval: 30_000 });
  const failed = [usage, details].find(({ isError }) => isError);
  // What the sections below read for themselves; one that fails says so in its place.
  const sections = [useRead(listBudgets, {}), useRead(getTextPrices, {}), useRead(getReconciliation, {})];
  // Together, so that what is read first does not move when the rest comes.
  const isSettled = sections.every(({ isPending }) => !isPending);
  const isReady = usage.data !== undefined && details.data !== undefined && isSettled;
  return (
    <Page title={t.shell.usage} hint={details.data === undefined ? '\u00a0' : <Period {...details.data} />}>
      {failed !== undefined && <Problem error={failed.error} again={() => void failed.refetch()} />}
      {failed === undefined && !isReady && <Loading />}
      {isReady && (
        <>
          <Total details={details.data} />
          <div className={styles.accounts}>
            <Allowance kind="sms" name={words.texts} account={usage.data.sms} />
            <Allowance kind="email" name={words.emails} account={usage.data.email} />
          </div>
          <Budgets />
          <Spending details={details.data} />
          <Prices />
          <Reconciliation />
          <p className={styles.soft}>
            {words.how} {words.fresh}
          </p>
        </>
      )}
    </Page>
  );
}

function Period({ periodStart, periodEnd }: Pick<Details, 'periodStart' | 'periodEnd'>) {
  const now = useNow();
  const last = new Date(Date.parse(periodEnd) - 1).toISOString();
  // Months of credits are UTC.
  return <>{words.period(dateOf(periodStart, now, 'UTC'), dateOf(last, now, 'UTC'))}</>;
}

function Total({ details: { used, reserved, currency } }: { details: Details }) {
  return (
    <div className={styles.total}>
      <p>
        <b>{words.about(formatMoney(used.micros, currency))}</b>
        <small>{words.spent}</small>
      </p>
      {reserved.micros > 0 && (
        <p className={styles.soft}>{words.reserved(formatMoney(reserved.micros, currency))}</p>
      )}
    </div>
  );
}

function Spending({ details }: { details: Details }) {
  const { days, flows, used, currency } = details;
  const now = useNow();
  if (used.micros === 0) return <EmptyState title={words.nothing} text={words.nothingWhy} />;
  const nameOf = (day: string) => dateOf(`${day}T12:00:00Z`, now, 'UTC');
  const bars = days.map(({ day, micros }) => ({
    key: day,
    value: micros,
    title: `${nameOf(day)}: ${formatMoney(micros, currency)}`,
  }));
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  return (
    <>
      <Section title={words.byDay}>
        <div className={styles.chart}>
          <Bars
            label={[words.chart(formatMoney(used.micros, currency)), ...bars.map(({ title }) => title)].join(
              '; ',
            )}
            height={7}
            bars={bars}
          />
          {first !== undefined && last !== undefined && (
            <p className={styles.scale}>
              <span>{nameOf(first)}</span>
              <span>{nameOf(last)}</span>
            </p>
          )}
        </div>
      </Section>
      <Section title={words.byFlow}>
        <ByFlow flows={flows} currency={currency} />
      </Section>
    </>
  );
}
