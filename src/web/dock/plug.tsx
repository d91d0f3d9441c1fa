import { Button, Progress } from '@mantine/core';
import { IconPlugX } from '@tabler/icons-react';
import { plugAnswer, type PlugAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { Problem } from '../ui/problem.tsx';
import styles from './dock.module.css';
import { useSandbox, useTellSandbox } from './sandbox-call.ts';

/** Kills a real worker in the middle of a burst of texts, and counts what came of it. */
export function Plug() {
  const may = useMay('edit');
  const pull = useTellSandbox(plugAnswer, '/plug');
  const burst = useSandbox(plugAnswer, '/plug', { refetchInterval: 500 });
  const shown = burst.data;
  const isUnderWay = shown !== undefined && ['starting', 'sending', 'recovering'].includes(shown.state);
  return (
    <section className={styles.faults} aria-label={t.sandbox.plug}>
      <h3>{t.sandbox.plug}</h3>
      <p className={styles.quiet}>{t.sandbox.plugHint}</p>
      {may && (
        <Button
          leftSection={<IconPlugX size={16} aria-hidden />}
          loading={isUnderWay || pull.isPending}
          onClick={() => pull.mutate({})}
        >
          {t.sandbox.pull}
        </Button>
      )}
      {pull.isError && <Problem error={pull.error} />}
      {shown !== undefined && shown.state !== 'none' && <Burst burst={shown} />}
    </section>
  );
}

function Burst({ burst }: { burst: PlugAnswer }) {
  const { state, texts, arrived, arrivedBefore, pid, lost, twice, problem } = burst;
  return (
    <div className={styles.burst}>
      <Progress
        value={texts === 0 ? 0 : (100 * arrived) / texts}
        color="ink"
        aria-label={t.sandbox.answered(arrived, texts)}
      />
      <output>
        <p>{t.sandbox.plugStates[state]}</p>
        {burst.killedAt !== null && <p>{t.sandbox.killed(pid ?? 0, arrivedBefore, texts)}</p>}
        {lost !== null && twice !== null && <strong>{t.sandbox.counted(texts, lost, twice)}</strong>}
      </output>
      {problem !== null && <p className={styles.quiet}>{problem}</p>}
      <small className={styles.when}>{t.sandbox.answered(arrived, texts)}</small>
    </div>
  );
}
