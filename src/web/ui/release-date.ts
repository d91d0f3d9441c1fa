import { t } from '../catalogue/index.ts';
import { dateOf } from './time.ts';

interface Dated {
  releaseAt: string;
  releaseMode: 'global' | 'local';
}

/** Local release times are wall time everywhere: they are shown as they are written. */
const zoneOf = ({ releaseMode }: Dated) => (releaseMode === 'local' ? 'UTC' : undefined);

/** `12 June`, `out since 12 June`. */
export function releaseDate(release: Dated, now: Date): string {
  const date = dateOf(release.releaseAt, now, zoneOf(release));
  return Date.parse(release.releaseAt) > now.getTime() ? t.releases.outOn(date) : t.releases.outSince(date);
}

/** What is left until a release, in its largest two units; null: it is out. */
export function timeLeft(release: Dated, now: Date): { days: number; hours: number; minutes: number } | null {
  const offset = release.releaseMode === 'local' ? now.getTimezoneOffset() * 60_000 : 0;
  const ms = Date.parse(release.releaseAt) + offset - now.getTime();
  if (ms <= 0) return null;
  const minutes = Math.ceil(ms / 60_000);
  return {
    days: Math.floor(minutes / 1_440),
    hours: Math.floor((minutes % 1_440) / 60),
    minutes: minutes % 60,
  };
}
