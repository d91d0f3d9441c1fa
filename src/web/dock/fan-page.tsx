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
      <iframe
        className={styles.page}
        src={url}
        title={t.sandbox.page}
        // The page's own policy lets no script run; the word lets it look again by itself.
        // oxlint-disable-next-line react/iframe-missing-sandbox -- so there is nothing to escape with
        sandbox="allow-scripts allow-forms allow-same-origin allow-popups allow-downloads"
      />
    </>
  );
}
