import { Button, Group } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { LandingPage } from '#landing-pages/contract.ts';
import { t } from '../../catalogue/index.ts';
import { CopyField } from '../../ui/copy-field.tsx';
import { Section } from '../../ui/section.tsx';
import { download } from './download.ts';

/** The link, its QR code, and pictures that carry both. */
export function SharePage({ page }: { page: LandingPage }) {
  const qr = useQrCode(`${page.url}?via=qr`);
  const save = (ending: string, url: string | undefined) => {
    if (url !== undefined) download(`${page.slug}.${ending}`, url);
  };
  return (
    <Section title={t.pages.share}>
      {!page.isPublished && <p style={{ color: 'var(--soft)' }}>{t.pages.notYetPublished}</p>}
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
    </Section>
  );
}

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
