import { instantOf, localTime } from '#messages/quiet-hours/zone-clock.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Between two looks where nothing is expected. */
const usualMs = 6 * hourMs;
/** Releases come out at midnight; the looks after it are spread over so long, and one comes again later. */
const midnightSpreadMs = 20 * minuteMs;
const againAfterMs = hourMs;
/** Where a release day begins for the services: first of all, in Europe, on the east coast. */
const releaseZones = ['Pacific/Auckland', 'Europe/Berlin', 'America/New_York'];

/** After the first failure, doubled with each one more. */
const firstBackOffMs = 15 * minuteMs;
const longestBackOffMs = 24 * hourMs;

/**
 * When to look at an artist again: some hours later, sooner where a midnight of a release zone comes
 * first, later after failures. `id` spreads artists, always the same way.
 */
export function nextLook(now: Date, id: string, zone: string, failures: number): Date {
  const nowMs = now.getTime();
  const share = shareOf(id);
  const spread = 0.75 + 0.5 * share;
  if (failures > 0) {
    return new Date(nowMs + spread * Math.min(longestBackOffMs, firstBackOffMs * 2 ** (failures - 1)));
  }
  const midnights = [...new Set([zone, ...releaseZones])].flatMap((one) => {
    const first = share * midnightSpreadMs;
    return [0, 1].flatMap((days) => {
      const at = midnight(one, nowMs, days);
      return [at + first, at + first + againAfterMs];
    });
  });
  // A look that was just made counts for a midnight moments ago.
  const soon = midnights.filter((at) => at > nowMs + minuteMs);
  return new Date(Math.min(nowMs + spread * usualMs, ...soon));
}

function midnight(zone: string, nowMs: number, days: number): number {
  const { year, month, day } = localTime(zone, nowMs);
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return instantOf(
    zone,
    { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    0,
  );
}

/** From 0 to 1, evenly over ids; the random end of a UUIDv7. */
export function shareOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-8), 16) / 0xffffffff;
}
