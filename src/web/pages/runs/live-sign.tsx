import { t } from '../../catalogue/index.ts';
import styles from './runs.module.css';

/** Whether what is shown changes by itself. */
export function LiveSign({ isLive }: { isLive: boolean }) {
  return (
    <output className={styles.live} data-live={isLive}>
      <span aria-hidden />
      {isLive ? t.runs.live : t.runs.offline}
    </output>
  );
}
