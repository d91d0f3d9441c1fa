import type { CSSProperties } from 'react';
import styles from './cover.module.css';

interface CoverProps {
  artwork: { colour: string; images: readonly { width: number; url: string }[] } | null;
  title: string;
  /** Edge in pixels of the screen. */
  size: number;
}

/** A release's artwork, or a quiet square with its first letter. The name stands beside it, so it is silent. */
export function Cover({ artwork, title, size }: CoverProps) {
  // As: names of our own, which React's type does not know.
  const style = {
    '--size': `${size}px`,
    ...(artwork && { '--of-cover': artwork.colour }),
  } as CSSProperties;
  if (artwork === null) {
    return (
      <span className={styles.cover} style={style} aria-hidden>
        <span style={{ fontSize: size * 0.45 }}>{title.trim().match(/./u)?.[0]}</span>
      </span>
    );
  }
  const [smallest] = artwork.images;
  const srcSet = artwork.images.map(({ url, width }) => `${url} ${width}w`).join(', ');
  return (
    <span className={styles.cover} style={style} aria-hidden>
      <img
        src={smallest?.url}
        srcSet={srcSet}
        sizes={`${size}px`}
        width={size}
        height={size}
        alt=""
        loading="lazy"
      />
    </span>
  );
}
