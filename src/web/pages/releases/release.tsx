import { Badge, Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { cancelRelease, countReleaseSaves, getRelease, listReleases } from '#releases/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { ReleaseDialog } from '../../forms/release-dialog.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { Columns } from '../../ui/columns.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { ServiceLinks } from '../../ui/service-links.tsx';
import { useNow } from '../../ui/now.ts';
import { timeLeft } from '../../ui/release-date.ts';
import { toast } from '../../ui/toast.ts';
import { Countdown } from './countdown.tsx';
import { CoverField } from './cover-field.tsx';
import { DayMessage } from './day-message.tsx';
import { FlowsUsing } from './flows-using.tsx';
import { Saves } from './saves.tsx';

type Release = ResponseOf<typeof getRelease>;

/** One release: artwork, when it is out, where it is, and who saves it. */
export function Component() {
  const { releaseId = '' } = useParams();
  const { data: release, error, refetch } = useRead(getRelease, { params: { id: releaseId } });
  const may = useMay('edit');
  if (release === undefined) {
    return (
      <Page title={t.releases.one}>
        {error === null ? (
          <Skeleton height="21rem" width="21rem" maw="100%" aria-busy />
        ) : (
          <Problem error={error} again={() => void refetch()} />
        )}
      </Page>
    );
  }
  const isCalledOff = release.cancelledAt !== null;
  return (
    <Page
      title={release.title}
      of={release.artistName}
      beside={isCalledOff && <Badge variant="outline">{t.releases.cancelled}</Badge>}
      hint={
        <>
          {t.releases.kinds[release.kind]} ·{' '}
          <Link to={paths.artist(release.artistId)}>{release.artistName}</Link>
        </>
      }
      actions={
        <>
          <Button component={Link} to={paths.releaseDay(release.id)} variant="subtle">
            {t.releases.day.open}
          </Button>
          {may && !isCalledOff && <Actions release={release} />}
        </>
      }
    >
      <Columns side={<Side release={release} />}>
        <Countdown release={release} />
        <Saves releaseId={release.id} />
        {!isCalledOff && <DayMessage releaseId={release.id} />}
        <FlowsUsing id={release.id} />
      </Columns>
    </Page>
  );
}

function Actions({ release }: { release: Release }) {
  const [isEditing, setEditing] = useState(false);
  const callOff = useCallingOff(release);
  // What is out is out: its saves are done.
  const isOut = timeLeft(release, useNow()) === null;
  return (
    <>
      {!isOut && (
        <Button color="red" variant="subtle" onClick={() => void callOff()}>
          {t.releases.cancel}
        </Button>
      )}
      <Button onClick={() => setEditing(true)}>{t.releases.edit}</Button>
      <ReleaseDialog
        isOpen={isEditing}
        close={() => setEditing(false)}
        release={release}
        onDone={() => toast(t.releases.saved)}
      />
    </>
  );
}

function useCallingOff({ id, title }: Release): () => Promise<void> {
  const confirm = useConfirm();
  const cancel = useAction(cancelRelease, { changes: [getRelease, listReleases, countReleaseSaves] });
  return async () => {
    const isDone = await confirm({
      title: t.releases.cancelTitle(title),
      text: t.releases.cancelWhy,
      action: t.releases.cancel,
      isDestructive: true,
      run: () => cancel.mutateAsync({ params: { id } }),
    });
    if (isDone) toast(t.releases.cancelDone(title));
  };
}

function Side({ release }: { release: Release }) {
  const { services, upc, countdownUrl } = release;
  return (
    <>
      <CoverField release={release} />
      <Section title={t.releases.onServices}>
        {services.length === 0 ? (
          <p style={{ margin: 0, color: 'var(--soft)' }}>{t.releases.noLink}</p>
        ) : (
          <ServiceLinks label={t.releases.onServices} services={services} />
        )}
      </Section>
      {(upc !== null || countdownUrl !== null) && (
        <Section title={t.releases.details}>
          <Facts>
            {upc !== null && <Fact name={t.releases.upc}>{upc}</Fact>}
            {countdownUrl !== null && (
              <Fact name={t.releases.countdown}>
                <a href={countdownUrl} target="_blank" rel="noreferrer">
                  {new URL(countdownUrl).host}
                </a>
              </Fact>
            )}
          </Facts>
        </Section>
      )}
    </>
  );
}
