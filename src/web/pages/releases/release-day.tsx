import { Skeleton } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { getReleaseDay } from '#releases/day/contract.ts';
import { getRelease } from '#releases/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { number } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { serviceLabel } from '../../service-label.ts';
import { ConnectorIcon } from '../../ui/connector-icon.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { OutcomeSign, type OutcomeStatus } from '../../ui/outcome-sign.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { Failures } from './failures.tsx';
import styles from './releases.module.css';

export type Day = ResponseOf<typeof getReleaseDay>;
type Service = Day['services'][number];

/** Release day as it goes: how much is done, how fast, how long still, and what failed. */
export function Component() {
  const { releaseId = '' } = useParams();
  const params = { params: { id: releaseId } };
  const release = useRead(getRelease, params);
  const day = useRead(getReleaseDay, params, { refetchInterval: everyMs.watched });
  const error = release.error ?? day.error;
  const again = () => void Promise.all([release.refetch(), day.refetch()]);
  const title = release.data?.title ?? t.releases.one;
  return (
    <Page title={t.releases.day.title} of={title} hint={<Link to={paths.release(releaseId)}>{title}</Link>}>
      {error !== null && <Problem error={error} again={again} />}
      {error === null && day.data === undefined && <Skeleton height="14rem" aria-busy />}
      {day.data !== undefined && <DayOf day={day.data} releaseId={releaseId} />}
    </Page>
  );
}

function DayOf({ day, releaseId }: { day: Day; releaseId: string }) {
  const words = t.releases.day;
  const { services, reminders } = day;
  const told = reminders.set + reminders.sent + reminders.handedOver;
  if (services.length === 0 && told === 0) {
    return <EmptyState title={words.nobody} text={t.releases.noSavesWhy} />;
  }
  return (
    <>
      <Progress day={day} />
      <Section title={words.byService}>
        <ul className={styles.services}>
          {services.map((service) => (
            <li key={service.service}>
              <ServiceDay service={service} />
            </li>
          ))}
          {told > 0 && (
            <li>
              <h3>
                <ConnectorIcon id="" />
                {t.releases.reminders}
              </h3>
              <States
                states={[
                  ['deferred', reminders.set, t.releases.saveStates.reminder_set],
                  ['done', reminders.sent, t.releases.saveStates.reminded],
                  ['done', reminders.handedOver, t.releases.saveStates.handed_over],
                ]}
              />
            </li>
          )}
        </ul>
      </Section>
      <Failures failures={day.failures} releaseId={releaseId} />
    </>
  );
}

const doneOf = ({ verified, accepted, already }: Service) => verified + accepted + already;
const openOf = ({ waiting: { turn, link, work, midnight } }: Service) => turn + link + work + midnight;
const sum = (services: readonly Service[], of: (service: Service) => number) =>
  services.reduce((all, service) => all + of(service), 0);

function Progress({ day: { services, beginsAt, now } }: { day: Day }) {
  const words = t.releases.day;
  const done = sum(services, doneOf);
  const failed = sum(services, ({ failed: count }) => count);
  const all = done + failed + sum(services, openOf);
  if (all === 0) return null;
  const isBegun = Date.parse(beginsAt) <= Date.parse(now);
  const share = Math.floor((100 * (done + failed)) / all);
  const left = Math.max(
    0,
    ...services.map(({ secondsLeft, waiting }) => (waiting.turn > 0 ? (secondsLeft ?? 0) : 0)),
  );
  const turns = sum(services, ({ waiting }) => waiting.turn);
  return (
    <Section title={words.progress}>
      <progress
        className={styles.progress}
        max={all}
        value={done + failed}
        aria-label={words.shareDone(share)}
      />
      <p className={styles.left}>{words.doneOf(done, all)}</p>
      <p>
        {isBegun ? (
          turns === 0 ? (
            words.nothingInLine
          ) : (
            words.lineLeft(turns, left)
          )
        ) : (
          <>
            {words.begins} <RelativeTime at={beginsAt} />.{' '}
            {words.willTake(Math.max(0, ...services.map(({ secondsLeft }) => secondsLeft ?? 0)))}
          </>
        )}
      </p>
    </Section>
  );
}

function ServiceDay({ service }: { service: Service }) {
  const words = t.releases.day;
  const { waiting, lastMinute, perSecond } = service;
  return (
    <>
      <h3>
        <ConnectorIcon id={service.service} />
        {serviceLabel(service.service)}
      </h3>
      <States
        states={[
          ['done', service.verified, t.releases.saveStates.verified],
          ['done', service.accepted, t.releases.saveStates.accepted],
          ['done', service.already, t.releases.saveStates.already],
          ['deferred', waiting.turn, words.waitsTurn],
          ['deferred', waiting.midnight, words.waitsMidnight],
          ['deferred', waiting.link, words.waitsLink],
          ['deferred', waiting.work, words.waitsWork],
          ['failed', service.failed, t.releases.saveStates.failed],
        ]}
      />
      <p className={styles.soft}>
        {[
          ...(lastMinute > 0 ? [words.lastMinute(lastMinute)] : []),
          ...(perSecond === null ? [words.noApp] : [words.atMost(perSecond)]),
        ].join(' · ')}
      </p>
    </>
  );
}

function States({ states }: { states: readonly (readonly [OutcomeStatus, number, string])[] }) {
  return (
    <ul className={styles.states}>
      {states
        .filter(([, count]) => count > 0)
        .map(([status, count, says]) => (
          <li key={says}>
            <OutcomeSign status={status} isBare size={16} />
            <span>
              <b>{number(count)}</b> {says}
            </span>
          </li>
        ))}
    </ul>
  );
}
