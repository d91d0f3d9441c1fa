import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { LandingPage } from '#landing-pages/contract.ts';
import { getRelease } from '#releases/contract.ts';
import { listPageVisits } from '#visits/contract.ts';
import { useRead, type ResponseOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { posterWords } from '../../catalogue/poster.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { artworkOf } from '../../poster/artwork-of.ts';
import { Posters } from '../../poster/posters.tsx';
import { useNow } from '../../ui/now.ts';
import { Section } from '../../ui/section.tsx';
import type { PosterContent } from '../../poster/draw.ts';
import { download } from './download.ts';

/** The link, its QR code, and pictures that carry both. */
export function SharePage({ page }: { page: LandingPage }) {
  const qr = useQrCode(codeOf(page.url));
  const save = (ending: string, url: string | undefined) => {
    if (url !== undefined) download(`${page.slug}.${ending}`, url);
  };
  return (
    <Section title={t.pages.share}>
      <p style={{ color: 'var(--soft)' }}>
        {page.isPublished ? <Opened page={page} /> : t.pages.notYetPublished}
      </p>
      <CopyField label={t.pages.link} value={page.url} />
      <Group mt="md" align="flex-start">
        {qr !== null && <img src={qr.png} alt={t.pages.qrAlt} width={160} height={160} />}
        <Group>
          <Button component="a" href={page.url} target="_blank" rel="noopener" disabled={!page.isPublished}>
            {t.pages.open}
          </Button>
          <Button onClick={() => save('png', qr?.png)}>{t.pages.qrPng}</Button>
          <Button onClick={() => save('svg', qr?.svg)}>{t.pages.qrSvg}</Button>
        </Group>
      </Group>
      <PagePosters page={page} />
    </Section>
  );
}

/** How often, and how people came. */
function Opened({ page }: { page: LandingPage }) {
  const visits = useRead(listPageVisits, { query: {} }, { refetchInterval: everyMs.aside });
  const none = { people: 0, byCode: 0, framed: 0, scanners: 0 };
  // A blank of the same height until it is known.
  if (visits.data === undefined) return <>{'\u00a0'}</>;
  return <>{t.pages.opened(visits.data.items.find(({ pageId }) => pageId === page.id) ?? none)}</>;
}

/** Of what is saved, not of what is being typed: it is printed with the link that works. */
function PagePosters({ page }: { page: LandingPage }) {
  const { releaseId } = page;
  const isAbout = releaseId !== null;
  const { data: release } = useRead(getRelease, { params: { id: releaseId ?? '' } }, { enabled: isAbout });
  const now = useNow();
  if (isAbout && release === undefined) return null;
  return (
    <div style={{ marginTop: '1.5rem' }}>
      <Posters name={page.slug} content={contentOf(page, release, now)} />
    </div>
  );
}

function contentOf(
  { heading, url }: LandingPage,
  release: ResponseOf<typeof getRelease> | undefined,
  now: Date,
): PosterContent {
  const say = posterWords.scan;
  const action =
    release === undefined ? say.page : now < new Date(release.releaseAt) ? say.before : say.after;
  return {
    title: heading,
    byline: release === undefined || release.artistName === heading ? null : release.artistName,
    action,
    small: posterWords.orOpen(url.replace(/^https?:\/\//, '')),
    code: codeOf(url),
    artwork: artworkOf(release),
  };
}

/** So that visits by the code are told from those by the link. */
const codeOf = (url: string) => `${url}?via=qr`;

/** Made in the browser; null until its code has come. */
function useQrCode(text: string): { png: string; svg: string } | null {
  const [made, setMade] = useState<{ png: string; svg: string } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    void import('qrcode').then(async ({ default: codes }) => {
      const [png, svg] = await Promise.all([
        codes.toDataURL(text, { width: 1_024, margin: 2 }),
        codes.toString(text, { type: 'svg', margin: 2 }),
      ]);
      const svgUrl = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      if (isCurrent) setMade({ png, svg: svgUrl });
    });
    return () => {
      isCurrent = false;
    };
  }, [text]);
  return made;
}
