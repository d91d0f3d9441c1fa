import { countReleaseSaves, type SaveCount } from '#releases/contract.ts';
import { Skeleton } from '@mantine/core';
import { useRead } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { serviceLabel } from '../../service-label.ts';
import { ConnectorIcon } from '../../ui/connector-icon.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { OutcomeSign, type OutcomeStatus } from '../../ui/outcome-sign.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import styles from './releases.module.css';

/** Which outcome a save's state is one of. */
const outcomes: Record<SaveCount['state'], OutcomeStatus> = {
  scheduled: 'deferred',
  reminder_set: 'deferred',
  verified: 'done',
  accepted: 'done',
  already: 'done',
  reminded: 'done',
  handed_over: 'done',
  failed: 'failed',
  undone: 'skipped',
  cancelled: 'skipped',
};

const rank = ({ state }: SaveCount) => Object.keys(outcomes).indexOf(state);

/** How many fans save it, by service and by how far it came. */
export function Saves({ releaseId }: { releaseId: string }) {
  const input = { params: { id: releaseId } };
  const { data, error, refetch } = useRead(countReleaseSaves, input, { refetchInterval: everyMs.listed });
  return (
    <Section title={t.releases.saves}>
      {data === undefined && error === null && <Skeleton height="4rem" aria-busy />}
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {data?.items.length === 0 && <EmptyState title={t.releases.noSaves} text={t.releases.noSavesWhy} />}
      {data !== undefined && data.items.length > 0 && <ByService counts={data.items} />}
    </Section>
  );
}

function ByService({ counts }: { counts: readonly SaveCount[] }) {
  // Services first, then what needed none; states in the order that a save takes.
  const inOrder = counts.toSorted(
    (one, other) => Number(one.service === '') - Number(other.service === '') || rank(one) - rank(other),
  );
  const services = [...Map.groupBy(inOrder, ({ service }) => service)];
  return (
    <ul className={styles.services}>
      {services.map(([service, states]) => (
        <li key={service}>
          <h3>
            <ConnectorIcon id={service} />
            {service === '' ? t.releases.reminders : serviceLabel(service)}
          </h3>
          <ul className={styles.states}>
            {states.map(({ state, count }) => (
              <li key={state}>
                <OutcomeSign status={outcomes[state]} isBare size={16} />
                <span>
                  <b>{number(count)}</b> {t.releases.saveStates[state]}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
