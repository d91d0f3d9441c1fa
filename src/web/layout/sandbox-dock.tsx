import { IconDeviceMobile } from '@tabler/icons-react';
import { lazy, Suspense, useEffect } from 'react';
import { clockAnswer } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { closeDock, openDock, useDock } from '../dock/dock-state.ts';
import { useSandbox } from '../dock/sandbox-call.ts';
import { useHere } from '../session.ts';
import { moveClock } from '../ui/now.ts';
import styles from './layout.module.css';

const Dock = lazy(async () => ({ default: (await import('../dock/dock.tsx')).Dock }));

/**
 * The sandbox beside the page, in test projects: a phone, a player, a clock. It is placed in the grid
 * area `dock`: a column on wide screens, over the page on small ones. Loaded when it is first opened.
 */
export function SandboxDock() {
  const { project } = useHere();
  return project.isLive ? null : <TestDock />;
}

function TestDock() {
  const { isOpen } = useDock();
  useProjectClock();
  if (!isOpen) return null;
  return (
    <aside className={styles.dock} aria-label={t.sandbox.label}>
      <Suspense>
        <Dock />
      </Suspense>
    </aside>
  );
}

/** Times on every page follow the project's clock, which the sandbox may have moved. */
function useProjectClock(): void {
  const clock = useSandbox(clockAnswer, '/clock', { staleTime: 60_000 });
  const offsetMs = clock.data?.offsetMs;
  useEffect(() => {
    if (offsetMs !== undefined) moveClock(offsetMs);
  }, [offsetMs]);
}

/** What opens the dock, at the foot of the list of places. */
export function SandboxPlace() {
  const { isOpen } = useDock();
  return (
    <button
      type="button"
      className={styles.sandbox}
      aria-expanded={isOpen}
      onClick={() => (isOpen ? closeDock() : openDock())}
    >
      <IconDeviceMobile size={18} stroke={1.6} aria-hidden />
      {t.sandbox.title}
    </button>
  );
}
