import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Moment } from '#fans/contract.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { useNow } from '../../ui/now.ts';
import { OutcomeCounts } from '../../ui/outcome-counts.tsx';
import { dateOf } from '../../ui/time.ts';
import { eventWords, momentSentence, type MomentOf } from './moment-sentence.ts';
import styles from './timeline.module.css';

const words = t.fans.moments;

/** One moment in words, with what was written, and links to what it is about. */
export function MomentWords({ moment }: { moment: Moment }) {
  if (moment.kind === 'event') return <Event moment={moment} />;
  if (moment.kind === 'run') return <Run moment={moment} />;
  if (moment.kind === 'message') return <Message moment={moment} />;
  if (moment.kind === 'inbox') return <Inbox moment={moment} />;
  if (moment.kind === 'linked') return <Linked moment={moment} />;
  if (moment.kind === 'segment') {
    return (
      <What>
        {words.segment} <Link to={paths.segment(moment.segmentId)}>{moment.about}</Link>
      </What>
    );
  }
  return <What>{momentSentence(moment)}</What>;
}

function Inbox({ moment: { reason, body } }: { moment: MomentOf<'inbox'> }) {
  return (
    <>
      <What soft={words.inboxReasons[reason] ?? ''}>
        <Link to={paths.inbox()}>{words.wrote}</Link>
      </What>
      <Said isFromFan>{body}</Said>
    </>
  );
}

function Event({ moment }: { moment: MomentOf<'event'> }) {
  const text = moment.subject['text'];
  if (typeof text !== 'string' || text === '') return <What>{eventWords(moment)}</What>;
  return (
    <>
      <What>{words.texted}</What>
      <Said isFromFan>{text}</Said>
    </>
  );
}

function Run({ moment: { id, flowName, state, outcomes } }: { moment: MomentOf<'run'> }) {
  return (
    <>
      <What soft={words.runStates[state]}>
        {words.run} <Link to={paths.run(id)}>{flowName === '' ? words.deletedFlow : flowName}</Link>
      </What>
      <OutcomeCounts counts={outcomes} />
    </>
  );
}

function Message({ moment }: { moment: MomentOf<'message'> }) {
  const { channel, body, runId } = moment;
  const { says, tone } = endOf(moment);
  const what = words.sent(channel);
  return (
    <>
      <What soft={says} tone={tone}>
        {runId === null ? what : <Link to={paths.run(runId)}>{what}</Link>}
      </What>
      {body === null ? <p className={styles.soft}>{words.noBody}</p> : <Said>{body}</Said>}
    </>
  );
}

type Tone = 'failed' | 'unknown' | 'plain';

/** What became of a message, as far as is known. */
function endOf({ state, delivery }: MomentOf<'message'>): { says: string; tone: Tone } {
  if (state === 'open') return { says: words.sending, tone: 'plain' };
  if (state === 'unknown') return { says: words.unknown, tone: 'unknown' };
  if (state === 'refused') return { says: words.refused, tone: 'failed' };
  if (delivery === null) return { says: '', tone: 'plain' };
  const isLost = delivery.status === 'failed' || delivery.status === 'undelivered';
  const says = words.deliveries[delivery.status] ?? delivery.status;
  return {
    says: delivery.reason === null ? says : `${says}: ${delivery.reason}`,
    tone: isLost ? 'failed' : 'plain',
  };
}

function Linked({ moment: { service, diesAt, state } }: { moment: MomentOf<'linked'> }) {
  const now = useNow();
  const ended = state === 'live' ? undefined : t.fans.linkStates[state];
  const until = diesAt === null ? '' : t.fans.until(dateOf(diesAt, now));
  return <What soft={ended ?? until}>{words.linked(serviceLabel(service))}</What>;
}

interface WhatProps {
  children: ReactNode;
  soft?: string;
  tone?: Tone;
}

function What({ children, soft = '', tone = 'plain' }: WhatProps) {
  return (
    <p className={styles.what}>
      {children}
      {soft !== '' && (
        <span className={styles.soft} data-tone={tone}>
          {' · '}
          {soft}
        </span>
      )}
    </p>
  );
}

function Said({ isFromFan = false, children }: { isFromFan?: boolean; children: ReactNode }) {
  return (
    <p className={styles.said} data-is-from-fan={isFromFan}>
      {children}
    </p>
  );
}
