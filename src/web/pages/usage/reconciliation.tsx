import { getReconciliation } from '#credits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { words } from '../../catalogue/usage.ts';
import { List, type Column } from '../../ui/list.tsx';
import { useNow } from '../../ui/now.ts';
import { Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import styles from './usage.module.css';

type Day = ResponseOf<typeof getReconciliation>['items'][number];

/** Texts of the last days as they are counted here and at the provider; nothing where none was compared. */
export function Reconciliation() {
  const days = useRead(getReconciliation, {}, { staleTime: 60_000 });
  const now = useNow();
  if (days.data?.items.length === 0) return null;
  const columns: readonly Column<Day>[] = [
    { label: words.day, render: ({ day }) => dateOf(`${day}T12:00:00Z`, now, 'UTC') },
    { label: words.checkedWith, render: ({ label }) => label, isSecondary: true },
    { label: words.countedHere, align: 'right', render: (day) => of(day.ourTexts, day.ourParts) },
    { label: words.countedThere, align: 'right', render: (day) => of(day.theirTexts, day.theirParts) },
    { label: words.verdict, render: (day) => <Verdict day={day} /> },
  ];
  return (
    <Section title={words.checked}>
      <p className={styles.soft}>{words.checkedWhy}</p>
      <List
        label={words.checked}
        pages={{ ...days, items: days.data?.items }}
        columns={columns}
        keyOf={({ connectionId, day }) => `${connectionId} ${day}`}
        expected={3}
        empty={null}
      />
    </Section>
  );
}

const of = (texts: number, parts: number) => words.textsOfParts(number(texts), number(parts));

function Verdict({ day: { ourTexts, ourParts, theirTexts, theirParts } }: { day: Day }) {
  if (ourTexts === theirTexts && ourParts === theirParts) return words.agrees;
  return <output className={styles.warning}>{words.differs}</output>;
}
