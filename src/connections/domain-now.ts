import { systemClock, type DomainClock, type WallClock } from '#lib/clock.ts';

/** Lent to several test projects with clocks of their own, a connection goes by the one furthest ahead. */
export function domainNow(
  clocks: DomainClock,
  projectIds: readonly string[],
  wall: WallClock = systemClock,
): Date {
  const times = projectIds.map((id) => clocks.now(id).getTime());
  return new Date(Math.max(wall.now().getTime(), ...times));
}
