import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { getArtist, listReleases } from '#releases/contract.ts';
import { useRead, useReadPages, type ResponseOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { ArtistDialog } from '../../forms/artist-dialog.tsx';
import { ReleaseDialog } from '../../forms/release-dialog.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { Columns } from '../../ui/columns.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { ServiceLinks } from '../../ui/service-links.tsx';
import { toast } from '../../ui/toast.ts';
import { NextSave } from './next-save.tsx';
import { releaseColumns } from '../releases/release-columns.tsx';

type Artist = ResponseOf<typeof getArtist>;

/** One artist: where fans can follow her, and what she has out. */
export function Component() {
  const { artistId = '' } = useParams();
  const {
    data: artist,
    error,
    refetch,
  } = useRead(getArtist, { params: { id: artistId } }, { refetchInterval: everyMs.aside });
  const may = useMay('edit');
  if (artist === undefined) {
    return (
      <Page title={t.artists.one}>
        {error === null ? (
          <Skeleton height="12rem" aria-busy />
        ) : (
          <Problem error={error} again={() => void refetch()} />
        )}
      </Page>
    );
  }
  return (
    <Page title={artist.name} of={t.artists.title} actions={may && <Actions artist={artist} />}>
      <Columns
        side={
          <>
            <OnServices artist={artist} />
            <NextSave artist={artist} />
          </>
        }
      >
        <Releases artist={artist} />
      </Columns>
    </Page>
  );
}

function Actions({ artist }: { artist: Artist }) {
  const [open, setOpen] = useState<'edit' | 'release' | null>(null);
  const navigate = useNavigate();
  const close = () => setOpen(null);
  return (
    <>
      <Button onClick={() => setOpen('edit')}>{t.artists.edit}</Button>
      <NextButton onClick={() => setOpen('release')}>{t.releases.add}</NextButton>
      <ArtistDialog
        isOpen={open === 'edit'}
        close={close}
        artist={artist}
        onDone={() => toast(t.artists.saved)}
      />
      <ReleaseDialog
        isOpen={open === 'release'}
        close={close}
        artistId={artist.id}
        onDone={({ id }) => void navigate(paths.release(id))}
      />
    </>
  );
}

function OnServices({ artist: { services } }: { artist: Artist }) {
  return (
    <Section title={t.artists.onServices}>
      {services.length === 0 ? (
        <p style={{ margin: 0, color: 'var(--soft)' }}>{t.artists.noLink}</p>
      ) : (
        <ServiceLinks label={t.artists.onServices} services={services} />
      )}
    </Section>
  );
}

const columns = releaseColumns({ withArtist: false });

function Releases({ artist }: { artist: Artist }) {
  return (
    <Section title={t.artists.releases}>
      <List
        label={t.artists.releases}
        pages={useReadPages(listReleases, { query: { artistId: artist.id } })}
        columns={columns}
        keyOf={({ id }) => id}
        to={({ id }) => paths.release(id)}
        expected={3}
        empty={<EmptyState title={t.artists.noReleases} text={t.artists.noReleasesWhy} />}
      />
    </Section>
  );
}
