import { t } from '../../catalogue/index.ts';
import { useNow } from '../../ui/now.ts';
import { dateOf, fullTime } from '../../ui/time.ts';

/** `on 3 May`; the whole moment on hover. */
export function Day({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at)}>
      {t.fans.on(dateOf(at, now))}
    </time>
  );
}
