import type { CSSProperties } from 'react';
import styles from './connector-icon.module.css';

/** Every connector's mark, from its own folder and from nowhere else. */
const icons = import.meta.glob<string>('../../connectors/*/icon.svg', {
  eager: true,
  query: '?url',
  import: 'default',
});

/** A provider's mark in the colour of the text around it. Its name stands beside it, so it is silent. */
export function ConnectorIcon({ id, size = 20 }: { id: string; size?: number }) {
  const url = icons[`../../connectors/${id}/icon.svg`];
  if (url === undefined) return null;
  // As: names of our own, which React's type does not know.
  const style = { '--mark': `url("${url}")`, '--size': `${size}px` } as CSSProperties;
  return <span className={styles.icon} style={style} aria-hidden />;
}
