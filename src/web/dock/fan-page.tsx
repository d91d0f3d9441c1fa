import { ActionIcon, Anchor } from '@mantine/core';
import { IconArrowLeft, IconExternalLink } from '@tabler/icons-react';
import { t } from '../catalogue/index.ts';
import styles from './dock.module.css';

/** The page behind a link, as the fan's phone shows it. */
export function FanPage({ url, close }: { url: string; close: () => void }) {
  return (
    <>
      <div className={styles.browser}>
        <ActionIcon onClick={close} aria-label={t.sandbox.back}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <span>{new URL(url).host}</span>
        <Anchor href={url} target="_blank" rel="noreferrer" aria-label={t.sandbox.ownTab}>
          <IconExternalLink size={16} aria-hidden />
        </Anchor>
      </div>
      {/* Our own page, whose policy lets no script run; in a sandbox it could not look again by itself. */}
      {/* oxlint-disable-next-line react/iframe-missing-sandbox -- as said above */}
      <iframe className={styles.page} src={url} title={t.sandbox.page} />
    </>
  );
}
