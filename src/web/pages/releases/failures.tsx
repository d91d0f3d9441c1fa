import { Button } from '@mantine/core';
import { getReleaseDay, retrySaves } from '#releases/day/contract.ts';
import { useAction } from '../../call.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { serviceLabel } from '../../service-label.ts';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { Section } from '../../ui/section.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import type { Day } from './release-day.tsx';
import styles from './releases.module.css';

/** What failed, grouped by why; each group can be tried once more. Nothing where nothing failed. */
export function Failures({ failures, releaseId }: { failures: Day['failures']; releaseId: string }) {
  const may = useMay('edit');
  const retry = useAction(retrySaves, { changes: [getReleaseDay] });
  if (failures.length === 0) return null;
  const words = t.releases.day;
  const again = async (body: { service: string; reason: string }) => {
    const { count } = await retry.mutateAsync({ params: { id: releaseId }, body });
    toast(words.retried(count));
  };
  return (
    <Section title={words.failures}>
      <ul className={styles.services}>
        {failures.map(({ service, reason, count }) => (
          <li key={`${service} ${reason}`} className={styles.failure}>
            <OutcomeSign status="failed" isBare size={16} />
            <span>
              <b>{number(count)}</b> · {serviceLabel(service)} · {whyOf(reason)}
            </span>
            {may && (
              <Button
                size="compact-sm"
                disabled={retry.isPending}
                onClick={() => {
                  again({ service, reason }).catch(toastProblem);
                }}
              >
                {words.retry}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** A save ends for the reasons that a step fails or is skipped for. */
function whyOf(reason: string): string {
  const { failed, skipped } = t.outcomes.reasons;
  const [says = reason] = failed?.[reason] ?? skipped?.[reason] ?? [];
  return says;
}
