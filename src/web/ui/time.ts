const language = typeof navigator === 'undefined' ? 'en' : navigator.language;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `now`, `3 minutes ago`, `in 11 days`. */
export function relativeTime(at: string, now: Date): string {
  const seconds = (Date.parse(at) - now.getTime()) / 1000;
  const step = steps.find(([, length]) => Math.abs(seconds) >= length);
  if (step === undefined) return seconds > 30 ? relative.format(1, 'minute') : relative.format(0, 'second');
  return relative.format(Math.trunc(seconds / step[1]), step[0]);
}

/** `3 May`, with the year where it is another one; `today` is left out by those who know. */
export function dateOf(at: string, now: Date, zone?: string): string {
  const date = new Date(at);
  const isThisYear = date.getFullYear() === now.getFullYear();
  return format(date, { day: 'numeric', month: 'short', ...(isThisYear ? {} : { year: 'numeric' }) }, zone);
}

export function timeOfDay(
  at: string,
  { zone, seconds = false }: { zone?: string | undefined; seconds?: boolean } = {},
): string {
  const shape: Intl.DateTimeFormatOptions = { hour: 'numeric', minute: '2-digit' };
  return format(new Date(at), seconds ? { ...shape, second: '2-digit' } : shape, zone);
}

/** Everything about a moment, for who wants to know exactly. */
export function fullTime(at: string, zone?: string): string {
  return format(new Date(at), { dateStyle: 'full', timeStyle: 'long' }, zone);
}

/** `1 min 4 s`, `320 ms`, from one moment to another. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

function format(date: Date, shape: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  return new Intl.DateTimeFormat(language, {
    ...shape,
    ...(zone === undefined ? {} : { timeZone: zone }),
  }).format(date);
}
