import { Button, FileButton } from '@mantine/core';
import { useRef, useState, type DragEvent } from 'react';
import { artworkUpload, getRelease, listReleases, removeArtwork, uploadArtwork } from '#releases/contract.ts';
import { CallError, useAction, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { Cover } from '../../ui/cover.tsx';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './releases.module.css';

type Release = ResponseOf<typeof getRelease>;

const changes = [getRelease, listReleases];

/** The artwork, and for whoever may: another one by button or by dropping it here, or none. */
export function CoverField({ release }: { release: Release }) {
  const { isBusy, problem, upload, remove } = useArtwork(release);
  const [isOver, setOver] = useState(false);
  const may = useMay('edit') && release.cancelledAt === null;
  const forgetChoice = useRef<() => void>(null);
  const choose = (file: File | null) => {
    // Or the browser would not tell of the same file again, mended meanwhile.
    forgetChoice.current?.();
    void upload(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void upload(event.dataTransfer.files[0] ?? null);
  };
  const dragging = may && {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: drop,
  };
  const { artwork, title } = release;
  return (
    <section className={styles.cover} aria-label={t.releases.cover} aria-busy={isBusy}>
      <div className={styles.frame} data-over={isOver || undefined} {...dragging}>
        <Cover artwork={artwork} title={title} size={336} />
      </div>
      {may && (
        <div className={styles.buttons}>
          <FileButton accept={artworkUpload.types.join(',')} onChange={choose} resetRef={forgetChoice}>
            {(props) => (
              <Button {...props} loading={isBusy}>
                {artwork === null ? t.releases.choose : t.releases.replace}
              </Button>
            )}
          </FileButton>
          {artwork !== null && (
            <Button variant="subtle" onClick={() => void remove()}>
              {t.releases.remove}
            </Button>
          )}
        </div>
      )}
      {problem !== null && <Problem error={problem} />}
      {may && artwork === null && <p>{t.releases.coverHint}</p>}
    </section>
  );
}

function useArtwork({ id }: Release) {
  const [problem, setProblem] = useState<unknown>(null);
  const setting = useAction(uploadArtwork, { changes });
  const taking = useAction(removeArtwork, { changes });
  const confirm = useConfirm();
  const upload = async (file: File | null) => {
    if (file === null) return;
    setProblem(null);
    try {
      if (file.size > artworkUpload.maxBytes) throw tooLarge();
      await setting.mutateAsync({ params: { id }, upload: file });
      toast(t.releases.coverSet);
    } catch (error) {
      setProblem(error);
    }
  };
  const remove = async () => {
    const isDone = await confirm({
      title: t.releases.removeTitle,
      text: t.releases.removeWhy,
      action: t.releases.remove,
      isDestructive: true,
      run: () => taking.mutateAsync({ params: { id } }),
    });
    if (isDone) toast(t.releases.coverRemoved);
  };
  return { isBusy: setting.isPending, problem, upload, remove };
}

/** What the server would say, but only after it was sent all of it. */
function tooLarge(): CallError {
  const detail = t.releases.tooLarge;
  return new CallError({ type: 'about:blank', title: detail, status: 413, code: 'too_large', detail });
}
