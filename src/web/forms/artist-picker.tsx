import { useState } from 'react';
import { getArtist, listArtists } from '#releases/contract.ts';
import { useRead } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { ArtistDialog } from './artist-dialog.tsx';
import { Picker, type PickerProps } from './picker.tsx';
import { usePicking } from './picking.ts';

/** An artist, by name; one that is missing is made in a dialog. */
export function ArtistPicker(props: PickerProps) {
  const picking = usePicking();
  const found = useRead(listArtists, { query: picking.query }, picking.reading);
  const chosen = useRead(getArtist, { params: { id: props.value ?? '' } }, { enabled: props.value !== null });
  const [newName, setNewName] = useState<string | null>(null);
  const may = useMay('edit');
  return (
    <>
      <Picker
        {...props}
        picking={picking}
        found={found}
        chosen={chosen}
        nameOf={(artist) => artist.name}
        create={
          may
            ? { label: (name) => (name === '' ? t.artists.add : t.artists.addNamed(name)), run: setNewName }
            : undefined
        }
      />
      <ArtistDialog
        isOpen={newName !== null}
        name={newName ?? ''}
        close={() => setNewName(null)}
        onDone={({ id }) => props.onChange(id)}
      />
    </>
  );
}
