import { useState } from 'react';
import { getRelease, listReleases } from '#releases/contract.ts';
import { useRead } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { Cover } from '../ui/cover.tsx';
import { useNow } from '../ui/now.ts';
import { releaseDate } from '../ui/release-date.ts';
import { Picker, type PickerProps } from './picker.tsx';
import { usePicking } from './picking.ts';
import { ReleaseDialog } from './release-dialog.tsx';

/** A release, by title or artist; one that is missing is made in a dialog. */
export function ReleasePicker(props: PickerProps) {
  const picking = usePicking();
  const found = useRead(listReleases, { query: picking.query }, picking.reading);
  const chosen = useRead(
    getRelease,
    { params: { id: props.value ?? '' } },
    { enabled: props.value !== null },
  );
  const [newTitle, setNewTitle] = useState<string | null>(null);
  const may = useMay('edit');
  const now = useNow();
  // What was called off is nobody's next choice.
  const items = found.data?.items.filter((release) => release.cancelledAt === null);
  return (
    <>
      <Picker
        {...props}
        picking={picking}
        found={{ data: items && { items }, error: found.error }}
        chosen={chosen}
        nameOf={(release) => release.title}
        renderSign={(release) => <Cover artwork={release.artwork} title={release.title} size={22} />}
        renderOption={(release) => (
          <span style={{ display: 'flex', gap: '0.6rem', alignItems: 'center' }}>
            <Cover artwork={release.artwork} title={release.title} size={34} />
            <span>
              {release.title}
              <br />
              <span style={{ color: 'var(--soft)', fontSize: '0.8125rem' }}>
                {release.artistName} · {releaseDate(release, now)}
              </span>
            </span>
          </span>
        )}
        create={
          may
            ? {
                label: (title) => (title === '' ? t.releases.add : t.releases.addNamed(title)),
                run: setNewTitle,
              }
            : undefined
        }
      />
      <ReleaseDialog
        isOpen={newTitle !== null}
        title={newTitle ?? ''}
        close={() => setNewTitle(null)}
        onDone={({ id }) => props.onChange(id)}
      />
    </>
  );
}
