import type { getRunStory, RunMessage } from '#runs/contract.ts';
import type { ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { serviceLabel } from '../../service-label.ts';
import { LinePoint, type Stretch } from '../../ui/line.tsx';
import { OutcomeSign, type OutcomeStatus } from '../../ui/outcome-sign.tsx';
import { Moment } from '../../ui/times.tsx';
import { Time } from './begin-point.tsx';
import { Details } from './details.tsx';
import { SentMessage } from './sent-message.tsx';
import styles from './runs.module.css';
import type { Run } from './use-live-runs.ts';

type Part = Run['steps'][number];
type StepStory = ResponseOf<typeof getRunStory>['steps'][number];

interface StepPointProps {
  /** What became of the step, one for each service. */
  parts: readonly Part[];
  story: StepStory | undefined;
  messages: readonly RunMessage[];
}

/** A step on the line: what it was to do, what became of it and why, and what was sent. */
export function StepPoint({ parts, story, messages }: StepPointProps) {
  const [first] = parts;
  if (first === undefined) return null;
  const at = first.endedAt ?? first.startedAt;
  return (
    <LinePoint
      sign={<OutcomeSign status={worstOf(parts)} isBare />}
      at={at === null ? '' : <Time at={at} />}
      stretch={stretchOf(parts)}
    >
      <p className={styles.what}>{story?.summary ?? ' '}</p>
      {parts.map((part) => (
        <PartWords
          key={part.service ?? ''}
          part={part}
          detail={story?.details.find((one) => one.service === part.service)?.detail}
        />
      ))}
      {messages.map((message) => (
        <SentMessage key={message.id} message={message} />
      ))}
    </LinePoint>
  );
}

function PartWords({ part, detail }: { part: Part; detail: string | undefined }) {
  const { status, reason, service, waitingFor } = part;
  const [says, todo] = t.outcomes.reasons[status]?.[reason ?? ''] ?? [t.outcomes.plain[status]];
  return (
    <div className={styles.part} data-status={status}>
      <p>
        <b>
          {t.outcomes.words[status]}
          {service !== null && ` ${t.runs.on(serviceLabel(service))}`}
        </b>
        {says !== undefined && `: ${says}`}
        {detail !== undefined && ` ${detail}`}
        {todo !== undefined && <span className={styles.soft}>{` ${todo}`}</span>}
      </p>
      {waitingFor !== null && status !== 'done' && (
        <p className={styles.soft}>
          {waitingFor.until === null ? t.runs.deadline : t.runs.until}{' '}
          <Moment at={waitingFor.until ?? waitingFor.deadlineAt} />
        </p>
      )}
      <Details part={part} />
    </div>
  );
}

/** What needs a look comes before what went well. */
const order: readonly OutcomeStatus[] = [
  'failed',
  'unknown',
  'running',
  'held',
  'deferred',
  'pending',
  'done',
  'skipped',
];

function worstOf(parts: readonly Part[]): OutcomeStatus {
  return order.find((status) => parts.some((part) => part.status === status)) ?? 'pending';
}

function stretchOf(parts: readonly Part[]): Stretch {
  const status = worstOf(parts);
  if (status === 'deferred') return 'dashed';
  return status === 'pending' || status === 'running' || status === 'held' ? 'faint' : 'full';
}
