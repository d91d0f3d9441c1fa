import { Link } from 'react-router';
import type { getRunStory } from '#runs/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { LinePoint } from '../../ui/line.tsx';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { fullTime, timeOfDay } from '../../ui/time.ts';
import styles from './runs.module.css';
import type { Run } from './use-live-runs.ts';

type RunEvent = ResponseOf<typeof getRunStory>['event'];

/** Where the line begins: who did what. `event` undefined: still on its way; null: no longer kept. */
export function BeginPoint({ run, event, fan }: { run: Run; event: RunEvent | undefined; fan: string }) {
  return (
    <LinePoint sign={<OutcomeSign status="done" isBare />} at={<Time at={run.startedAt} />}>
      <p className={styles.what}>
        <Link to={paths.fan(run.fanId)}>{fan}</Link>
      </p>
      <p className={styles.soft}>{event === null ? t.runs.eventGone : event && wordsOf(event)}</p>
    </LinePoint>
  );
}

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={fullTime(at)}>
      {timeOfDay(at, { seconds: true })}
    </time>
  );
}

function wordsOf({ type, source, subject }: NonNullable<RunEvent>): string {
  const { keyword, text } = subject;
  const came = t.runs.sources[source];
  const what =
    typeof text === 'string' && text !== ''
      ? t.runs.event['sms.keyword'](text)
      : typeof keyword === 'string'
        ? t.runs.event['sms.keyword'](keyword)
        : plainWords(type);
  return came === undefined ? what : `${what} · ${came}`;
}

/** As: the entries that are functions are asked for by name above. */
function plainWords(type: string): string {
  const words = (t.runs.event as Record<string, unknown>)[type];
  return typeof words === 'string' ? words : t.runs.event.other(type);
}
