import { Button, FileInput, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect } from 'react';
import { updateProject } from '#accounts/contract.ts';
import { artworkUpload, listArtists, updateArtist, uploadArtwork } from '#releases/contract.ts';
import { dockAnswer } from '#sandbox/contract.ts';
import { send } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { DialogForm } from '../forms/dialog-form.tsx';
import { useMay } from '../may.ts';
import { useHere } from '../session.ts';
import { NextButton } from '../ui/next-button.tsx';
import { Section } from '../ui/section.tsx';
import { toast } from '../ui/toast.ts';
import { StartForReal } from './start-for-real.tsx';
import { offerDock, openDock, useDock } from './dock-state.ts';
import { useSandbox } from './sandbox-call.ts';

/** Whether the project is the demo; null until it is known. Who looks at one for the first time is shown its dock. */
export function useDemo(): boolean | null {
  const { project } = useHere();
  const dock = useSandbox(dockAnswer, '/dock', { enabled: !project.isLive, staleTime: 30_000 });
  const isDemo = dock.data?.isDemo ?? false;
  // Before it is painted: a page that has stood does not move aside.
  useLayoutEffect(() => {
    if (isDemo) offerDock();
  }, [isDemo]);
  return dock.isLoading ? null : isDemo;
}

/** Greets who looks at the demo: what to try first, and one's own name on it. */
export function DemoWelcome({ releaseId }: { releaseId: string | null }) {
  const { project } = useHere();
  const { isOpen } = useDock();
  const mayName = useMay('settings');
  const mayStart = useMay('projects');
  const [isNaming, naming] = useDisclosure(false);
  const [isStarting, starting] = useDisclosure(false);
  return (
    <Section title={t.sandbox.welcome(project.name)}>
      <p>{t.sandbox.welcomeText}</p>
      <ol aria-label={t.sandbox.try}>
        {t.sandbox.trySteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Group gap="sm">
        {!isOpen && <NextButton onClick={() => openDock('phone')}>{t.sandbox.openPhone}</NextButton>}
        {mayName && <Button onClick={naming.open}>{t.sandbox.ownArtist}</Button>}
        {mayStart && <Button onClick={starting.open}>{t.sandbox.startForReal}</Button>}
      </Group>
      <StartForReal isOpen={isStarting} close={starting.close} />
      <OwnArtist isOpen={isNaming} close={naming.close} releaseId={releaseId} />
    </Section>
  );
}

interface OwnArtistProps {
  isOpen: boolean;
  close: () => void;
  releaseId: string | null;
}

/** The demo with another name and another cover: everything else stays as it is. */
function OwnArtist({ isOpen, close, releaseId }: OwnArtistProps) {
  const { project } = useHere();
  const client = useQueryClient();
  const submit = async ({ name, cover }: { name: string; cover: File | null }) => {
    const id = project.id;
    await send(updateProject, { params: { id }, body: { name, programme: name } });
    const { items } = await send(listArtists, { query: { limit: 200 } });
    for (const artist of items.filter((one) => one.name === project.name))
      await send(updateArtist, { params: { id: artist.id }, body: { name } });
    if (cover !== null && releaseId !== null)
      await send(uploadArtwork, { params: { id: releaseId }, upload: cover });
  };
  return (
    <DialogForm
      title={t.sandbox.ownArtist}
      isOpen={isOpen}
      close={close}
      // As: no file is chosen yet.
      initial={{ name: '', cover: null as File | null }}
      action={t.sandbox.putName}
      submit={submit}
      onDone={() => {
        toast(t.sandbox.named);
        void client.invalidateQueries();
      }}
      renderFields={(form) => (
        <>
          {form.input('name', {
            label: t.sandbox.ownName,
            required: true,
            maxLength: 60,
            'data-autofocus': true,
          })}
          <FileInput
            label={t.sandbox.ownCover}
            description={t.sandbox.ownCoverHint}
            accept={artworkUpload.types.join(',')}
            clearable
            value={form.values.cover}
            error={form.errors.cover}
            onChange={(cover) => form.set('cover', cover)}
          />
        </>
      )}
    />
  );
}
