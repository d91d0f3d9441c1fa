import { Button, Menu } from '@mantine/core';
import { IconClock, IconPlayerSkipForward } from '@tabler/icons-react';
import { clockAnswer, stopsAnswer, type ClockStop } from '#sandbox/contract.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { useHere } from '../session.ts';
import { useNow } from '../ui/now.ts';
import { dateOf, timeOfDay } from '../ui/time.ts';
import { toast, toastProblem } from '../ui/toast.ts';
import { cityOf } from './city.ts';
import styles from './dock.module.css';
import { useSandbox, useTellSandbox } from './sandbox-call.ts';

/** The project's time, and the moments that are worth moving it to: where the phone is, and of the release. */
export function Clock({ zoneNumber }: { zoneNumber: string | null }) {
  const { project } = useHere();
  const may = useMay('edit');
  const now = useNow();
  const at = now.toISOString();
  const query = zoneNumber === null ? '' : `?number=${encodeURIComponent(zoneNumber)}`;
  const stops = useSandbox(stopsAnswer, `/clock/stops${query}`);
  const move = useTellSandbox(clockAnswer, '/clock');
  const items = stops.data?.items ?? [];
  const release = items.find(({ id }) => id === 'release');

  const moveTo = (stop: ClockStop) => {
    // Of the sandbox's own clock, not of this page's, which is half a minute old.
    const ahead = Date.parse(stop.at) - Date.parse(stops.data?.now ?? at);
    // A second on, so that what is due then is due.
    move.mutate(
      { advanceMs: Math.max(0, ahead) + 1_000 },
      {
        onSuccess: (moved) => toast(t.sandbox.moved(momentOf(moved.now, stop.zone))),
        onError: toastProblem,
      },
    );
  };

  return (
    <section className={styles.clock} aria-label={t.sandbox.now}>
      <p>
        <IconClock size={16} stroke={1.6} aria-hidden />
        <time dateTime={at}>{momentOf(at, project.zone)}</time>
      </p>
      {may && (
        <div className={styles.moves}>
          {release !== undefined && (
            <Button
              size="compact-sm"
              leftSection={<IconPlayerSkipForward size={14} aria-hidden />}
              loading={move.isPending}
              onClick={() => moveTo(release)}
            >
              {t.sandbox.toRelease}
            </Button>
          )}
          {/* What is worth moving to changes with every text that waits. */}
          <Menu position="bottom-end" width={280} onOpen={() => void stops.refetch()}>
            <Menu.Target>
              <Button size="compact-sm" disabled={move.isPending || items.length === 0}>
                {t.sandbox.move}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t.sandbox.moveHint}</Menu.Label>
              {items.map((stop) => (
                <Menu.Item key={stop.id} onClick={() => moveTo(stop)}>
                  {nameOf(stop)}
                  <span className={styles.when}>{momentOf(stop.at, stop.zone)}</span>
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
    </section>
  );
}

function nameOf({ id, zone, title }: ClockStop): string {
  if (id === 'release') return t.sandbox.stops.release(title ?? '');
  if (id === 'half_year') return t.sandbox.stops.half_year();
  return t.sandbox.stops[id](cityOf(zone));
}

/** `7 Dec 12:00 am`, where it happens. */
function momentOf(at: string, zone: string): string {
  return `${dateOf(at, new Date(), zone)} ${timeOfDay(at, { zone })}`;
}
