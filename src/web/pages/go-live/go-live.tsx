import { Button } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { getGoLive, makeLiveProject } from '#go-live/contract.ts';
import { getMe } from '#people/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { goLiveWords } from '../../catalogue/go-live.ts';
import { useMay } from '../../may.ts';
import { outside, paths } from '../../paths.ts';
import { useHere } from '../../session.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { OutcomeSign } from '../../ui/outcome-sign.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './go-live.module.css';
import { TaskItem } from './task.tsx';

type GoLive = ResponseOf<typeof getGoLive>;
type Channel = GoLive['channels'][number];

/** What stands between this project and real fans (R125). */
export function Component() {
  const page = useRead(getGoLive, {}, { refetchInterval: 15_000 });
  return (
    <Page title={goLiveWords.title} hint={goLiveWords.hint} actions={page.data && <Way page={page.data} />}>
      {page.data !== undefined && <Parts page={page.data} />}
      {page.data === undefined && page.isError && (
        <Problem error={page.error} again={() => void page.refetch()} />
      )}
      {page.data === undefined && !page.isError && <Loading />}
    </Page>
  );
}

/** To the live project, which is made here once. */
function Way({ page: { isLive, liveProject } }: { page: GoLive }) {
  const { project } = useHere();
  const confirm = useConfirm();
  const make = useAction(makeLiveProject, { changes: [getGoLive, getMe] });
  const may = useMay('projects');
  if (isLive) return null;
  // A full load: nothing of one project may be left over in another.
  if (liveProject !== null) {
    return (
      <NextButton component="a" href={outside.project(liveProject.slug)}>
        {goLiveWords.there}
      </NextButton>
    );
  }
  if (!may) return null;
  const ask = async () => {
    const isMade = await confirm({
      title: goLiveWords.makeTitle(project.name),
      text: goLiveWords.makeText,
      action: goLiveWords.make,
      run: () => make.mutateAsync({}),
    });
    if (isMade) toast(goLiveWords.made(project.name));
  };
  return <NextButton onClick={() => void ask()}>{goLiveWords.make}</NextButton>;
}

function Parts({ page: { basics, channels } }: { page: GoLive }) {
  return (
    <>
      <Section title={goLiveWords.basics}>
        <ul className={styles.basics}>
          {basics.map(({ id, isDone, value }) => (
            <li key={id}>
              <OutcomeSign status={isDone ? 'done' : 'pending'} isBare />
              <div>
                <p>{goLiveWords.basic[id]}</p>
                {isDone ? (
                  <p className={styles.value}>{value}</p>
                ) : (
                  <p className={styles.value}>
                    {goLiveWords.basicMissing[id]}{' '}
                    {id !== 'public-url' && <Link to={paths.settings()}>{goLiveWords.settings}</Link>}
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      </Section>
      {channels.map((channel) => (
        <ChannelPart key={channel.kind} channel={channel} />
      ))}
      {channels.length === 0 && <EmptyState title={goLiveWords.none} text={goLiveWords.noneWhy} />}
    </>
  );
}

function ChannelPart({ channel: { kind, flows, connectors, isReady } }: { channel: Channel }) {
  return (
    <Section
      title={goLiveWords.channels[kind]}
      action={isReady && <span className={styles.value}>{goLiveWords.ready}</span>}
    >
      <p className={styles.hint}>
        {goLiveWords.neededBy(flows.length)}{' '}
        {flows.map(({ id, name }, at) => (
          <Fragment key={id}>
            {at > 0 && ', '}
            <Link to={paths.flow(id)}>{name}</Link>
          </Fragment>
        ))}
        {connectors.length > 1 && kind !== 'streaming' && ` · ${goLiveWords.choose}`}
      </p>
      {connectors.map((one) => (
        <ConnectorPart key={one.connector} connector={one} />
      ))}
    </Section>
  );
}

function ConnectorPart({
  connector: { connector, label, connection, tasks },
}: {
  connector: Channel['connectors'][number];
}) {
  const may = useMay('connect');
  return (
    <article className={styles.connector}>
      <header>
        <h3>{label}</h3>
        {connection !== null && (
          <Link to={paths.connection(connection.id)}>{goLiveWords.connected(connection.label)}</Link>
        )}
        {connection === null && may && (
          <Button component={Link} to={`${paths.newConnection()}?provider=${connector}`} size="compact-sm">
            {goLiveWords.connect(label)}
          </Button>
        )}
      </header>
      {tasks.length === 0 && <p className={styles.hint}>{goLiveWords.nothing}</p>}
      <ul className={styles.tasks}>
        {tasks.map((task) => (
          <TaskItem key={task.id} task={task} connector={connector} />
        ))}
      </ul>
    </article>
  );
}
