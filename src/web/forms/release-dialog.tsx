import { Group, Radio, Select, Stack, TextInput } from '@mantine/core';
import { createRelease, getRelease, listReleases, updateRelease } from '#releases/contract.ts';
import { useAction, type ResponseOf } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { useHere } from '../session.ts';
import { ArtistPicker } from './artist-picker.tsx';
import { DialogForm, type Form } from './dialog-form.tsx';
import { LinksField, linksOf, servicesFrom } from './links-field.tsx';
import { clockIn, instantIn } from './zone-time.ts';

type Release = ResponseOf<typeof getRelease>;
type Kind = Release['kind'];

interface Values {
  title: string;
  artistId: string | null;
  kind: Kind;
  date: string;
  time: string;
  mode: 'global' | 'local';
  links: string[];
  upc: string;
  countdownUrl: string;
}

interface DialogProps {
  isOpen: boolean;
  close: () => void;
  onDone: (release: Release) => void;
  /** Of a new one: as far as it was typed already. */
  title?: string;
  artistId?: string | null;
  /** The one that is changed; absent: a new one. */
  release?: Release;
}

/** Makes or changes a release, by hand. */
export function ReleaseDialog({ isOpen, close, onDone, title = '', artistId = null, release }: DialogProps) {
  const { zone } = useHere().project;
  const create = useAction(createRelease, { changes: [listReleases] });
  const change = useAction(updateRelease, { changes: [listReleases, getRelease] });
  const initial = release === undefined ? emptyValues(title, artistId) : valuesOf(release, zone);
  const submit = (values: Values) => {
    const body = bodyOf(values, zone, release);
    if (release !== undefined) return change.mutateAsync({ params: { id: release.id }, body });
    const { kind, artistId: artist } = values;
    return create.mutateAsync({ body: { ...body, kind, artistId: artist ?? '' } });
  };
  return (
    <DialogForm<Values, Release>
      title={release === undefined ? t.releases.add : t.releases.edit}
      isOpen={isOpen}
      close={close}
      initial={initial}
      action={release === undefined ? t.releases.create : t.shell.save}
      fieldOf={fieldOf}
      submit={submit}
      onDone={onDone}
      renderFields={(form) => <Fields form={form} isNew={release === undefined} zone={zone} />}
    />
  );
}

function Fields({ form, isNew, zone }: { form: Form<Values>; isNew: boolean; zone: string }) {
  const { values, set, errors } = form;
  return (
    <>
      {form.input('title', {
        label: t.releases.name,
        required: true,
        maxLength: 200,
        'data-autofocus': true,
      })}
      {isNew && (
        <>
          <ArtistPicker
            label={t.releases.artist}
            isRequired
            value={values.artistId}
            onChange={(id) => set('artistId', id)}
            error={errors.artistId}
          />
          <Select
            label={t.releases.kind}
            allowDeselect={false}
            value={values.kind}
            data={kinds.map((value) => ({ value, label: t.releases.kinds[value] }))}
            // As: the choices are kinds.
            onChange={(kind) => set('kind', kind as Kind)}
          />
        </>
      )}
      <Group grow align="flex-start">
        <TextInput {...form.text('date')} type="date" label={t.releases.date} required />
        <TextInput {...form.text('time')} type="time" label={t.releases.time} required />
      </Group>
      <Radio.Group
        label={t.releases.mode}
        value={values.mode}
        onChange={(mode) => set('mode', mode === 'local' ? 'local' : 'global')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="global" label={t.releases.global(zone)} />
          <Radio value="local" label={t.releases.local} />
        </Stack>
      </Radio.Group>
      <LinksField
        kind={values.kind}
        value={values.links}
        onChange={(links) => set('links', links)}
        error={errors.links}
      />
      {form.input('upc', { label: t.releases.upc, description: t.releases.upcHint, inputMode: 'numeric' })}
      {form.input('countdownUrl', {
        label: t.releases.countdown,
        description: t.releases.countdownHint,
        placeholder: 'https://',
        inputMode: 'url',
      })}
    </>
  );
}

const kinds: readonly Kind[] = ['album', 'track', 'playlist'];

function emptyValues(title: string, artistId: string | null): Values {
  const clock = { date: '', time: '00:00', mode: 'global' as const };
  return { title, artistId, kind: 'album', ...clock, links: [''], upc: '', countdownUrl: '' };
}

function valuesOf(release: Release, zone: string): Values {
  const { title, artistId, kind, releaseAt, releaseMode: mode, services, upc, countdownUrl } = release;
  // Local: wall time everywhere, its Z ignored.
  const clock = mode === 'local' ? clockIn('UTC', releaseAt) : clockIn(zone, releaseAt);
  return {
    title,
    artistId,
    kind,
    ...clock,
    mode,
    links: linksOf(services),
    upc: upc ?? '',
    countdownUrl: countdownUrl ?? '',
  };
}

function bodyOf(
  { title, date, time, mode, links, upc, countdownUrl }: Values,
  zone: string,
  before?: Release,
) {
  return {
    title,
    releaseAt: momentOf(date, time, mode, zone),
    releaseMode: mode,
    services: servicesFrom(links, before?.services ?? []),
    upc: upc.trim() === '' ? null : upc.replaceAll(/[\s-]/g, ''),
    countdownUrl: countdownUrl.trim() === '' ? null : countdownUrl.trim(),
  };
}

/** What is no moment is sent as it is: the API says what is missing. */
function momentOf(date: string, time: string, mode: 'global' | 'local', zone: string): string {
  if (date === '' || time === '') return '';
  return mode === 'local' ? `${date}T${time}:00Z` : instantIn(zone, date, time).toISOString();
}

function fieldOf(path: string): keyof Values | null {
  if (path.startsWith('services')) return 'links';
  if (path === 'releaseAt') return 'date';
  const names: readonly string[] = ['title', 'artistId', 'kind', 'upc', 'countdownUrl'];
  return names.includes(path) ? (path as keyof Values) : null; // As: just looked up
}
