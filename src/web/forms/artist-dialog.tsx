import { createArtist, getArtist, listArtists, listReleases, updateArtist } from '#releases/contract.ts';
import { useAction, type ResponseOf } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { DialogForm } from './dialog-form.tsx';
import { LinksField, linksOf, servicesFrom } from './links-field.tsx';

type Artist = ResponseOf<typeof updateArtist>;

interface DialogProps {
  isOpen: boolean;
  close: () => void;
  onDone: (artist: Artist) => void;
  /** Of a new one: as far as it was typed already. */
  name?: string;
  /** The one that is changed; absent: a new one. */
  artist?: Artist;
}

/** Makes or changes an artist: a name, and where she is on the services. */
export function ArtistDialog({ isOpen, close, onDone, name = '', artist }: DialogProps) {
  const create = useAction(createArtist, { changes: [listArtists] });
  const change = useAction(updateArtist, { changes: [listArtists, getArtist, listReleases] });
  return (
    <DialogForm
      title={artist === undefined ? t.artists.add : t.artists.edit}
      isOpen={isOpen}
      close={close}
      initial={{ name: artist?.name ?? name, links: linksOf(artist?.services ?? []) }}
      action={artist === undefined ? t.artists.create : t.shell.save}
      fieldOf={(path) => (path === 'name' ? 'name' : path.startsWith('services') ? 'links' : null)}
      submit={(values) => {
        const body = { name: values.name, services: servicesFrom(values.links, artist?.services ?? []) };
        return artist === undefined
          ? create.mutateAsync({ body })
          : change.mutateAsync({ params: { id: artist.id }, body });
      }}
      onDone={onDone}
      renderFields={(form) => (
        <>
          {form.input('name', {
            label: t.artists.name,
            required: true,
            maxLength: 200,
            'data-autofocus': true,
          })}
          <LinksField
            kind="artist"
            value={form.values.links}
            onChange={(links) => form.set('links', links)}
            error={form.errors.links}
          />
        </>
      )}
    />
  );
}
