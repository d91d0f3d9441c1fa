import { Checkbox, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import type { LandingPage } from '#landing-pages/contract.ts';
import { longestSlug, pageParts, type PageContent } from '#landing-pages/content.ts';
import { t } from '../../catalogue/index.ts';
import { ArtistPicker } from '../../forms/artist-picker.tsx';
import { ReleasePicker } from '../../forms/release-picker.tsx';
import type { useForm } from '../../ui/use-form.ts';

export interface PageDraft extends PageContent {
  slug: string;
}

export function draftOf({ slug, releaseId, artistId, title, text, parts, palette }: LandingPage): PageDraft {
  return { slug, releaseId, artistId, title, text, parts, palette };
}

type DraftForm = ReturnType<typeof useForm<PageDraft, LandingPage>>;

/** Everything that stands on a page. */
export function PageFields({
  form,
  heading,
  isDisabled,
}: {
  form: DraftForm;
  heading: string;
  isDisabled: boolean;
}) {
  const { values, set, errors, text } = form;
  const common = { disabled: isDisabled };
  return (
    <form id="page" onSubmit={form.onSubmit}>
      <Stack gap="md">
        <ReleasePicker
          label={t.pages.release}
          description={t.pages.releaseHint}
          value={values.releaseId}
          error={errors.releaseId}
          onChange={(id) => set('releaseId', id)}
          isClearable
          isDisabled={isDisabled}
        />
        {values.releaseId === null && (
          <ArtistPicker
            label={t.pages.artist}
            description={t.pages.artistHint}
            value={values.artistId}
            error={errors.artistId}
            onChange={(id) => set('artistId', id)}
            isClearable
            isDisabled={isDisabled}
          />
        )}
        <TextInput
          {...text('title')}
          {...common}
          label={t.pages.words}
          description={t.pages.wordsHint(heading)}
          maxLength={300}
        />
        <Textarea
          {...text('text')}
          {...common}
          label={t.pages.text}
          description={t.pages.textHint}
          autosize
          minRows={2}
          maxLength={1_000}
        />
        <Checkbox.Group
          label={t.pages.parts}
          description={t.pages.partsHint}
          value={values.parts}
          onChange={(chosen) =>
            set(
              'parts',
              pageParts.filter((part) => chosen.includes(part)),
            )
          }
        >
          <Stack gap="xs" mt="xs">
            {pageParts.map((part) => (
              <Checkbox key={part} value={part} label={t.pages.part[part]} {...common} />
            ))}
          </Stack>
        </Checkbox.Group>
        <div>
          <p id="palette" style={{ margin: '0 0 0.35rem', fontSize: '0.875rem', fontWeight: 500 }}>
            {t.pages.palette}
          </p>
          <SegmentedControl
            aria-labelledby="palette"
            value={values.palette}
            disabled={isDisabled}
            onChange={(palette) => set('palette', palette)}
            data={(['artwork', 'plain'] as const).map((value) => ({ value, label: t.pages.palettes[value] }))}
          />
        </div>
        <TextInput
          {...text('slug')}
          {...common}
          label={t.pages.slug}
          leftSection="/p/"
          maxLength={longestSlug}
        />
      </Stack>
    </form>
  );
}
