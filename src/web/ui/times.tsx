import { useNow } from './now.ts';
import { dateOf, fullTime, relativeTime, timeOfDay } from './time.ts';

/** `3 minutes ago`, `in 11 days`; the whole moment with its zone on hover. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at)}>
      {relativeTime(at, now)}
    </time>
  );
}

/** A moment in the person's own zone, or in `zone` (then the zone is named): `3 May, 14:05`. */
export function Moment({ at, zone, seconds = false }: { at: string; zone?: string; seconds?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at, zone)}>
      {dateOf(at, now, zone)}, {timeOfDay(at, { zone, seconds })}
    </time>
  );
}
