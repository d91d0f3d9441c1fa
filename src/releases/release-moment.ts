import { instantOf } from '#messages/quiet-hours/zone-clock.ts';

export interface Moment {
  releaseAt: Date;
  releaseMode: 'global' | 'local';
}

/** When a release is out for a fan in `zone` (R57): one instant, or that wall time in her zone. */
export function releaseMoment({ releaseAt, releaseMode }: Moment, zone: string): Date {
  if (releaseMode === 'global') return releaseAt;
  const date = {
    year: releaseAt.getUTCFullYear(),
    month: releaseAt.getUTCMonth() + 1,
    day: releaseAt.getUTCDate(),
  };
  return new Date(instantOf(zone, date, releaseAt.getUTCHours() * 60 + releaseAt.getUTCMinutes()));
}
